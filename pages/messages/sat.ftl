### ᱥᱟᱱᱛᱟᱲᱤ (sat). Translated from English; no native speaker has reviewed it.

## The frame of every page

language-name = ᱥᱟᱱᱛᱟᱲᱤ
page-name = { $organisation } ᱴᱷᱮᱱ ᱟᱢᱟᱜ ᱨᱟᱹᱡᱤ ᱠᱚ
navigation = ᱥᱟᱦᱴᱟ ᱠᱚ
nav-home = ᱤᱧᱟᱜ ᱨᱟᱹᱡᱤ ᱠᱚ
nav-history = ᱱᱟᱜᱟᱢ
nav-told = ᱚᱠᱚᱭ ᱠᱚ ᱞᱟᱹᱭ ᱟᱠᱟᱱᱟ
nav-grievances = ᱱᱟᱹᱞᱤᱥ ᱠᱚ
nav-copy = ᱤᱧᱟᱜ ᱰᱟᱴᱟ
nav-erasure = ᱤᱧᱟᱜ ᱰᱟᱴᱟ ᱢᱮᱴᱟᱣ
languages = ᱯᱟᱹᱨᱥᱤ ᱠᱚ
unreviewed = ᱥᱟᱱᱛᱟᱲᱤ ᱡᱟᱦᱟᱸᱭ ᱠᱚᱣᱟᱜ ᱡᱟᱱᱟᱢ ᱯᱟᱹᱨᱥᱤ ᱠᱟᱱᱟ, ᱚᱱᱠᱟᱱ ᱦᱚᱲ ᱱᱤᱛ ᱦᱟᱹᱵᱤᱡ ᱱᱚᱶᱟ ᱛᱚᱨᱡᱚᱢᱟ ᱵᱟᱠᱚ ᱧᱮᱞ ᱵᱤᱰᱟᱹᱣ ᱟᱠᱟᱫᱟ᱾
date = { $day } { $month } { $year }
month-1 = ᱡᱟᱱᱣᱟᱨᱤ
month-2 = ᱯᱷᱟᱨᱣᱟᱨᱤ
month-3 = ᱢᱟᱨᱪ
month-4 = ᱟᱯᱨᱮᱞ
month-5 = ᱢᱮ
month-6 = ᱡᱩᱱ
month-7 = ᱡᱩᱞᱟᱭ
month-8 = ᱟᱜᱟᱥᱛ
month-9 = ᱥᱮᱯᱴᱮᱢᱵᱟᱨ
month-10 = ᱚᱠᱴᱚᱵᱟᱨ
month-11 = ᱱᱟᱣᱟᱢᱵᱟᱨ
month-12 = ᱫᱤᱥᱟᱢᱵᱟᱨ

## What the person agreed to

home-title = ᱟᱢ ᱚᱠᱟ ᱠᱚ ᱞᱟᱹᱜᱤᱫ ᱨᱟᱹᱡᱤ ᱟᱠᱟᱱᱟᱢ
home-intro = ᱟᱢ ᱡᱟᱦᱟᱸ ᱚᱠᱛᱚ ᱨᱮ ᱦᱚᱸ ᱨᱟᱹᱡᱤ ᱨᱩᱣᱟᱹᱲ ᱦᱟᱛᱟᱣ ᱫᱟᱲᱮᱭᱟᱜᱼᱟᱢ᱾ ᱨᱟᱹᱡᱤ ᱮᱢ ᱛᱤᱱᱟᱹᱜ ᱟᱞᱜᱟ ᱠᱟᱱᱟ, ᱨᱩᱣᱟᱹᱲ ᱦᱟᱛᱟᱣ ᱦᱚᱸ ᱩᱱᱟᱹᱜ ᱜᱮ ᱟᱞᱜᱟ ᱠᱟᱱᱟ᱾
home-empty = { $organisation } ᱴᱷᱮᱱ ᱟᱢᱟᱜ ᱡᱟᱦᱟᱱ ᱨᱟᱹᱡᱤ ᱵᱟᱹᱱᱩᱜᱼᱟ᱾
home-shortened = ᱮᱠᱮᱱ ᱡᱚᱛᱚ ᱠᱷᱚᱱ ᱱᱟᱶᱟ { $count } ᱨᱮᱠᱚᱨᱰ ᱩᱫᱩᱜ ᱟᱠᱟᱱᱟ᱾
state-granted = ᱟᱢ { $date } ᱨᱮ ᱨᱟᱹᱡᱤ ᱮᱱᱟᱢ᱾
state-until = ᱟᱢᱟᱜ ᱨᱟᱹᱡᱤ { $date } ᱨᱮ ᱪᱟᱵᱟᱜᱼᱟ᱾
state-denied = ᱟᱢ { $date } ᱨᱮ ᱵᱟᱢ ᱨᱟᱹᱡᱤ ᱞᱮᱱᱟ᱾
state-withdrawn = ᱟᱢ { $date } ᱨᱮ ᱨᱟᱹᱡᱤ ᱨᱩᱣᱟᱹᱲ ᱦᱟᱛᱟᱣ ᱠᱮᱫᱟᱢ᱾
state-expired = ᱟᱢᱟᱜ ᱨᱟᱹᱡᱤ { $date } ᱨᱮ ᱪᱟᱵᱟ ᱮᱱᱟ᱾
state-renewed = ᱟᱢ { $date } ᱨᱮ ᱱᱚᱶᱟ ᱨᱮᱭᱟᱜ ᱛᱮᱞᱟ ᱫᱩᱦᱲᱟᱹ ᱮᱢ ᱠᱮᱫᱟᱢ᱾
withdraw = ᱨᱟᱹᱡᱤ ᱨᱩᱣᱟᱹᱲ ᱦᱟᱛᱟᱣ ᱢᱮ
withdraw-purpose = ᱨᱟᱹᱡᱤ ᱨᱩᱣᱟᱹᱲ ᱦᱟᱛᱟᱣ ᱢᱮ: { $purpose }
withdraw-all = ᱡᱚᱛᱚ ᱨᱟᱹᱡᱤ ᱨᱩᱣᱟᱹᱲ ᱦᱟᱛᱟᱣ ᱢᱮ
read-notice = ᱟᱢ ᱴᱷᱮᱱ ᱩᱫᱩᱜ ᱟᱠᱟᱱ ᱱᱚᱴᱤᱥ ᱯᱟᱲᱦᱟᱣ ᱢᱮ
receipt = ᱨᱚᱥᱤᱫᱽ
done-withdrawn = ᱟᱢᱟᱜ ᱨᱟᱹᱡᱤ ᱨᱩᱣᱟᱹᱲ ᱦᱟᱛᱟᱣ ᱮᱱᱟ᱾ { $organisation } ᱫᱚ ᱱᱚᱶᱟ ᱠᱟᱹᱢᱤ ᱞᱟᱹᱜᱤᱫ ᱟᱢᱟᱜ ᱰᱟᱴᱟ ᱵᱮᱵᱷᱟᱨ ᱵᱚᱸᱫᱚ ᱦᱩᱭᱩᱜ ᱛᱟᱭᱟ᱾
done-withdrawn-before = ᱱᱚᱶᱟ ᱨᱟᱹᱡᱤ ᱫᱚ ᱢᱟᱲᱟᱝ ᱜᱮ ᱨᱩᱣᱟᱹᱲ ᱦᱟᱛᱟᱣ ᱟᱠᱟᱱᱟ᱾
done-in-progress = ᱱᱚᱶᱟ ᱨᱮᱭᱟᱜ ᱢᱤᱫ ᱦᱟᱹᱴᱤᱧ ᱨᱩᱣᱟᱹᱲ ᱦᱟᱛᱟᱣ ᱮᱱᱟ᱾ ᱥᱟᱨᱮᱡ ᱨᱩᱣᱟᱹᱲ ᱦᱟᱛᱟᱣ ᱞᱟᱹᱜᱤᱫ ᱵᱚᱴᱚᱱ ᱟᱨ ᱢᱤᱫ ᱫᱷᱟᱣ ᱚᱛᱟᱭ ᱢᱮ᱾

## A notice

notice-title = ᱱᱚᱴᱤᱥ
notice-other-language = ᱱᱚᱶᱟ ᱱᱚᱴᱤᱥ { $language } ᱯᱟᱹᱨᱥᱤ ᱛᱮ ᱵᱟᱹᱱᱩᱜᱼᱟ᱾ ᱟᱢ ᱱᱚᱶᱟ { $shown } ᱯᱟᱹᱨᱥᱤ ᱛᱮ ᱧᱮᱞ ᱮᱫᱟᱢ᱾
notice-data = ᱵᱮᱵᱷᱟᱨᱚᱜ ᱠᱟᱱ ᱱᱤᱡᱮᱨᱟᱜ ᱰᱟᱴᱟ
notice-purposes = ᱱᱚᱶᱟ ᱪᱮᱫ ᱞᱟᱹᱜᱤᱫ ᱵᱮᱵᱷᱟᱨᱚᱜ ᱠᱟᱱᱟ
notice-services = ᱱᱚᱶᱟ ᱛᱮ ᱧᱟᱢᱚᱜ ᱥᱮᱵᱟ ᱠᱚ: { $services }
notice-necessary = ᱥᱮᱵᱟ ᱞᱟᱹᱜᱤᱫ ᱞᱟᱹᱠᱛᱤ
notice-officer = ᱟᱢᱟᱜ ᱠᱩᱠᱞᱤ ᱟᱨ ᱱᱟᱹᱞᱤᱥ ᱨᱮᱭᱟᱜ ᱛᱮᱞᱟ ᱚᱠᱚᱭ ᱮᱢᱟᱭ
notice-withdraw-link = ᱨᱟᱹᱡᱤ ᱪᱮᱫ ᱞᱮᱠᱟᱛᱮ ᱨᱩᱣᱟᱹᱲ ᱦᱟᱛᱟᱣᱟᱢ
notice-rights-link = ᱟᱢᱟᱜ ᱦᱚᱠ ᱠᱚ
notice-complaint-link = ᱰᱟᱴᱟ ᱨᱩᱠᱷᱤᱭᱟᱹ ᱵᱚᱨᱰ ᱴᱷᱮᱱ ᱪᱮᱫ ᱞᱮᱠᱟᱛᱮ ᱱᱟᱹᱞᱤᱥ ᱮᱢᱟᱢ

## The question of an organisation

question-title = { $organisation } ᱫᱚ ᱟᱢᱟᱜ ᱨᱟᱹᱡᱤ ᱞᱟᱹᱜᱤᱫ ᱱᱮᱦᱚᱨ ᱮᱫᱟᱭ
question-intro = ᱡᱚᱛᱚ ᱠᱟᱹᱢᱤ ᱞᱟᱹᱜᱤᱫ ᱢᱤᱫᱴᱟᱝ ᱛᱮᱞᱟ ᱵᱟᱪᱷᱟᱣ ᱢᱮ᱾ ᱟᱢ ᱵᱚᱫᱚᱞ ᱛᱮ ᱡᱟᱦᱟᱱᱟᱜ ᱦᱚᱸ ᱵᱟᱝ ᱵᱟᱪᱷᱟᱣ ᱟᱠᱟᱱᱟ᱾ ᱟᱢ ᱵᱟᱝ ᱢᱮᱱ ᱫᱟᱲᱮᱭᱟᱜᱼᱟᱢ, ᱟᱨ ᱛᱟᱭᱚᱢ ᱨᱮ ᱨᱟᱹᱡᱤ ᱨᱩᱣᱟᱹᱲ ᱦᱟᱛᱟᱣ ᱦᱚᱸ ᱫᱟᱲᱮᱭᱟᱜᱼᱟᱢ᱾
question-agree = ᱤᱧ ᱨᱟᱹᱡᱤ ᱜᱮᱭᱟᱹᱧ
question-refuse = ᱤᱧ ᱵᱟᱹᱧ ᱨᱟᱹᱡᱤ ᱜᱮᱭᱟ
question-send = ᱤᱧᱟᱜ ᱛᱮᱞᱟ ᱠᱚ ᱥᱟᱸᱪᱟᱣ ᱢᱮ
question-unanswered = ᱫᱟᱭᱟᱠᱟᱛᱮ ᱡᱚᱛᱚ ᱠᱟᱹᱢᱤ ᱞᱟᱹᱜᱤᱫ ᱛᱮᱞᱟ ᱮᱢ ᱢᱮ᱾ ᱱᱚᱶᱟ ᱠᱚ ᱨᱮᱭᱟᱜ ᱛᱮᱞᱟ ᱱᱤᱛ ᱦᱟᱹᱵᱤᱡ ᱵᱟᱹᱱᱩᱜᱼᱟ:
question-until = ᱟᱢ ᱨᱟᱹᱡᱤ ᱞᱮᱱᱠᱷᱟᱱ ᱟᱨ ᱢᱟᱲᱟᱝ ᱵᱟᱢ ᱨᱩᱣᱟᱹᱲ ᱦᱟᱛᱟᱣ ᱞᱮᱠᱷᱟᱱ, ᱟᱢᱟᱜ ᱨᱟᱹᱡᱤ { $date } ᱨᱮ ᱪᱟᱵᱟᱜᱼᱟ᱾
answered-title = ᱟᱢᱟᱜ ᱛᱮᱞᱟ ᱠᱚ ᱥᱟᱸᱪᱟᱣ ᱮᱱᱟ
answered-agreed = ᱟᱢ ᱨᱟᱹᱡᱤ ᱮᱱᱟᱢ
answered-refused = ᱟᱢ ᱵᱟᱢ ᱨᱟᱹᱡᱤ ᱞᱮᱱᱟ
answered-before = ᱱᱚᱶᱟ ᱠᱩᱠᱞᱤ ᱠᱚ ᱨᱮᱭᱟᱜ ᱛᱮᱞᱟ ᱢᱟᱲᱟᱝ ᱜᱮ ᱮᱢ ᱟᱠᱟᱱᱟ᱾
answered-receipt = ᱨᱚᱥᱤᱫᱽ ᱰᱟᱩᱱᱞᱳᱰ ᱢᱮ
answered-return = { $organisation } ᱴᱷᱮᱱ ᱨᱩᱣᱟᱹᱲᱚᱜ ᱢᱮ

## History

history-title = ᱱᱟᱜᱟᱢ
history-empty = ᱡᱟᱦᱟᱱᱟᱜ ᱦᱚᱸ ᱵᱟᱝ ᱚᱞ ᱟᱠᱟᱱᱟ᱾
history-given = ᱟᱢ ᱴᱷᱮᱱ ᱠᱩᱠᱞᱤ ᱞᱮᱱᱟ, ᱟᱨ ᱟᱢᱟᱜ ᱛᱮᱞᱟ ᱠᱚ ᱚᱞ ᱮᱱᱟ᱾
history-withdrawn = ᱟᱢᱟᱜ ᱨᱟᱹᱡᱤ ᱨᱩᱣᱟᱹᱲ ᱦᱟᱛᱟᱣ ᱮᱱᱟ᱾
history-part-withdrawn = ᱟᱢᱟᱜ ᱨᱟᱹᱡᱤ ᱨᱮᱭᱟᱜ ᱢᱤᱫ ᱦᱟᱹᱴᱤᱧ ᱨᱩᱣᱟᱹᱲ ᱦᱟᱛᱟᱣ ᱮᱱᱟ᱾
history-renewed = ᱟᱢᱟᱜ ᱨᱟᱹᱡᱤ ᱵᱚᱫᱚᱞ ᱛᱮ ᱱᱟᱶᱟ ᱛᱮᱞᱟ ᱫᱚᱦᱚ ᱮᱱᱟ᱾
history-erased = ᱟᱢᱟᱜ ᱰᱟᱴᱟ ᱢᱮᱴᱟᱣ ᱮᱱᱟ᱾
history-other = ᱟᱢᱟᱜ ᱨᱟᱹᱡᱤ ᱵᱚᱫᱚᱞ ᱮᱱᱟ᱾
history-here = ᱟᱢ ᱱᱚᱶᱟ ᱥᱟᱦᱴᱟ ᱨᱮ ᱱᱚᱶᱟ ᱠᱟᱹᱢᱤ ᱠᱮᱫᱟᱢ᱾
history-by-organisation = { $organisation } ᱫᱚ ᱱᱚᱶᱟ ᱚᱞ ᱠᱮᱫᱟᱭ᱾
history-verified = ᱱᱚᱶᱟ ᱜᱷᱚᱴᱱᱟ ᱠᱚ ᱨᱮᱭᱟᱜ ᱨᱮᱠᱚᱨᱰ ᱯᱩᱨᱟᱹ ᱜᱮᱭᱟ ᱟᱨ ᱵᱟᱝ ᱵᱚᱫᱚᱞ ᱟᱠᱟᱱᱟ᱾
history-not-verified = ᱱᱚᱶᱟ ᱜᱷᱚᱴᱱᱟ ᱠᱚ ᱨᱮᱭᱟᱜ ᱨᱮᱠᱚᱨᱰ ᱵᱟᱹᱲᱤᱡ ᱟᱠᱟᱱᱟ᱾ ᱫᱟᱭᱟᱠᱟᱛᱮ { $organisation } ᱴᱷᱮᱱ ᱱᱟᱹᱞᱤᱥ ᱮᱢ ᱢᱮ᱾
older = ᱟᱨᱦᱚᱸ ᱢᱟᱨᱮ

## Who was told to stop

told-title = ᱵᱚᱸᱫᱚ ᱞᱟᱹᱜᱤᱫ ᱚᱠᱚᱭ ᱠᱚ ᱞᱟᱹᱭ ᱟᱠᱟᱱᱟ
told-intro = ᱟᱢ ᱨᱟᱹᱡᱤ ᱨᱩᱣᱟᱹᱲ ᱦᱟᱛᱟᱣ ᱞᱮᱠᱷᱟᱱ, { $organisation } ᱫᱚ ᱟᱢᱟᱜ ᱰᱟᱴᱟ ᱧᱟᱢᱤᱡ ᱠᱚᱣᱟᱜ ᱞᱤᱥᱴᱤ ᱨᱮ ᱢᱮᱱᱟᱜ ᱡᱚᱛᱚ ᱦᱚᱲ ᱞᱟᱹᱭ ᱟᱠᱚᱣᱟᱭ᱾
told-empty = ᱡᱟᱦᱟᱸᱭ ᱦᱚᱸ ᱞᱟᱹᱭ ᱞᱟᱹᱠᱛᱤ ᱵᱟᱝ ᱦᱩᱭ ᱞᱮᱱᱟ᱾
told-not-yet = ᱱᱤᱛ ᱦᱟᱹᱵᱤᱡ ᱵᱟᱝ ᱞᱟᱹᱭ ᱟᱠᱟᱱᱟ
told-at = { $date } ᱨᱮ ᱞᱟᱹᱭ ᱟᱠᱟᱱᱟ
told-waiting = ᱱᱤᱛ ᱦᱟᱹᱵᱤᱡ ᱵᱟᱭ ᱜᱚᱴᱟ ᱟᱠᱟᱫᱟ
told-overdue = { $date } ᱦᱟᱹᱵᱤᱡ ᱜᱚᱴᱟ ᱞᱟᱹᱠᱛᱤ ᱛᱟᱦᱮᱸ ᱠᱟᱱᱟ
told-confirmed = { $date } ᱨᱮ ᱜᱚᱴᱟ ᱠᱮᱫᱟᱭ
told-ceased = ᱵᱮᱵᱷᱟᱨ ᱵᱚᱸᱫᱚ ᱟᱠᱟᱫᱟᱭ
told-erased = ᱟᱢᱟᱜ ᱰᱟᱴᱟ ᱢᱮᱴᱟᱣ ᱟᱠᱟᱫᱟᱭ
told-not-held = ᱟᱢᱟᱜ ᱡᱟᱦᱟᱱ ᱰᱟᱴᱟ ᱵᱟᱭ ᱫᱚᱦᱚ ᱟᱠᱟᱫᱟ
told-retained = ᱟᱹᱱ ᱨᱮᱭᱟᱜ ᱞᱟᱹᱠᱛᱤ ᱞᱟᱹᱜᱤᱫ ᱟᱢᱟᱜ ᱰᱟᱴᱟ ᱫᱚᱦᱚ ᱟᱠᱟᱫᱟᱭ
told-refused = ᱵᱚᱸᱫᱚ ᱞᱟᱹᱜᱤᱫ ᱵᱟᱭ ᱨᱟᱹᱡᱤ ᱞᱮᱱᱟ

## Complaints

grievances-title = ᱱᱟᱹᱞᱤᱥ ᱠᱚ
grievances-intro = ᱟᱢᱟᱜ ᱰᱟᱴᱟ ᱪᱮᱫ ᱞᱮᱠᱟᱛᱮ ᱵᱮᱵᱷᱟᱨᱚᱜ ᱠᱟᱱᱟ, ᱚᱱᱟ ᱵᱟᱵᱚᱛ ᱟᱢ ᱱᱟᱹᱞᱤᱥ ᱮᱢ ᱫᱟᱲᱮᱭᱟᱜᱼᱟᱢ᱾ { $days } ᱫᱤᱱ ᱵᱷᱤᱛᱨᱤ ᱨᱮ ᱟᱢ ᱛᱮᱞᱟ ᱧᱟᱢᱟᱢ᱾
grievances-empty = ᱟᱢ ᱡᱟᱦᱟᱱ ᱱᱟᱹᱞᱤᱥ ᱵᱟᱢ ᱮᱢ ᱟᱠᱟᱫᱟ᱾
grievance-text = ᱟᱢᱟᱜ ᱱᱟᱹᱞᱤᱥ
grievance-send = ᱱᱟᱹᱞᱤᱥ ᱠᱩᱞ ᱢᱮ
grievance-missing = ᱫᱟᱭᱟᱠᱟᱛᱮ ᱟᱢᱟᱜ ᱱᱟᱹᱞᱤᱥ ᱚᱞ ᱢᱮ᱾ ᱱᱚᱶᱟ ᱡᱟᱹᱥᱛᱤ ᱠᱷᱚᱱ ᱡᱟᱹᱥᱛᱤ { $count } ᱟᱠᱷᱚᱨ ᱦᱩᱭ ᱫᱟᱲᱮᱭᱟᱜᱼᱟ᱾
grievance-sent = ᱟᱢᱟᱜ ᱱᱟᱹᱞᱤᱥ ᱧᱟᱢ ᱮᱱᱟ᱾ ᱚᱱᱟ ᱨᱮᱭᱟᱜ ᱱᱚᱢᱵᱚᱨ { $number } ᱠᱟᱱᱟ᱾
grievance-sent-before = ᱱᱚᱶᱟ ᱱᱟᱹᱞᱤᱥ ᱢᱟᱲᱟᱝ ᱜᱮ ᱧᱟᱢ ᱟᱠᱟᱱᱟ᱾
grievance-number = ᱱᱚᱢᱵᱚᱨ { $number }
grievance-submitted = ᱧᱟᱢ ᱟᱠᱟᱱᱟ
grievance-in-review = ᱧᱮᱞ ᱵᱤᱰᱟᱹᱣᱚᱜ ᱠᱟᱱᱟ
grievance-resolved = ᱯᱷᱚᱭᱥᱟᱞᱟ ᱟᱠᱟᱱᱟ
grievance-rejected = ᱵᱟᱝ ᱢᱟᱱᱟᱣ ᱞᱮᱱᱟ
grievance-erased = ᱢᱮᱴᱟᱣ ᱟᱠᱟᱱᱟ
grievance-made-on = { $date } ᱨᱮ ᱮᱢ ᱟᱠᱟᱱᱟ
grievance-answer-by = { $date } ᱦᱟᱹᱵᱤᱡ ᱛᱮᱞᱟ ᱮᱢ ᱞᱟᱹᱠᱛᱤ
grievance-answer = ᱛᱮᱞᱟ: { $text }

## A copy of the data

copy-title = ᱤᱧᱟᱜ ᱰᱟᱴᱟ ᱨᱮᱭᱟᱜ ᱱᱚᱠᱚᱞ
copy-intro = ᱱᱚᱶᱟ ᱯᱷᱟᱭᱤᱞ ᱨᱮ ᱟᱢᱟᱜ ᱡᱚᱛᱚ ᱨᱮᱠᱚᱨᱰ ᱚᱱᱟ ᱨᱮᱭᱟᱜ ᱥᱟᱹᱵᱩᱛ ᱥᱟᱶᱛᱮ ᱢᱮᱱᱟᱜᱼᱟ᱾ ᱱᱚᱶᱟ ᱫᱚ ᱠᱚᱢᱯᱤᱭᱩᱴᱚᱨ ᱞᱟᱹᱜᱤᱫ ᱠᱟᱱᱟ; ᱟᱢ ᱡᱟᱦᱟᱸᱭ ᱠᱚᱢ ᱯᱟᱹᱛᱭᱟᱹᱣ ᱠᱚᱣᱟ, ᱩᱱᱠᱩ ᱱᱚᱶᱟ ᱠᱚ ᱧᱮᱞ ᱵᱤᱰᱟᱹᱣ ᱫᱟᱲᱮᱭᱟᱜᱼᱟ᱾
copy-download = ᱤᱧᱟᱜ ᱰᱟᱴᱟ ᱰᱟᱩᱱᱞᱳᱰ ᱢᱮ
copy-receipts = ᱨᱚᱥᱤᱫᱽ ᱠᱚ

## Erasure

erasure-title = ᱤᱧᱟᱜ ᱰᱟᱴᱟ ᱢᱮᱴᱟᱣ
erasure-intro = ᱟᱢᱟᱜ ᱡᱚᱛᱚ ᱨᱟᱹᱡᱤ ᱪᱟᱵᱟᱜᱼᱟ, ᱟᱨ { $organisation } ᱫᱚ ᱟᱡᱟᱜ ᱨᱮᱠᱚᱨᱰ ᱠᱚ ᱠᱷᱚᱱ ᱟᱢᱟᱜ ᱧᱩᱛᱩᱢ ᱚᱪᱚᱜᱟᱭ᱾ ᱱᱚᱶᱟ ᱛᱟᱭᱚᱢ ᱢᱟᱲᱟᱝ ᱞᱮᱠᱟ ᱫᱩᱦᱲᱟᱹ ᱵᱟᱝ ᱦᱩᱭ ᱫᱟᱲᱮᱭᱟᱜᱼᱟ᱾
erasure-kept = ᱟᱹᱱ ᱨᱮᱭᱟᱜ ᱞᱟᱹᱠᱛᱤ ᱞᱟᱹᱜᱤᱫ ᱛᱷᱚᱲᱟ ᱫᱚᱦᱚᱜᱼᱟ: ᱮᱠᱮᱱ ᱨᱮᱠᱚᱨᱰ ᱛᱟᱦᱮᱸ ᱠᱟᱱᱟ ᱚᱱᱟ ᱠᱟᱛᱷᱟ, ᱟᱢᱟᱜ ᱧᱩᱛᱩᱢ ᱵᱮᱜᱚᱨ᱾
erasure-confirm = ᱤᱧ ᱤᱧᱟᱜ ᱰᱟᱴᱟ ᱢᱮᱴᱟᱣ ᱥᱟᱱᱟᱧ ᱠᱟᱱᱟ
erasure-unconfirmed = ᱫᱟᱭᱟᱠᱟᱛᱮ ᱯᱩᱭᱞᱩ ᱵᱟᱠᱚᱥ ᱨᱮ ᱴᱤᱠ ᱢᱮ᱾
erasure-send = ᱱᱤᱛᱚᱜ ᱤᱧᱟᱜ ᱰᱟᱴᱟ ᱢᱮᱴᱟᱣ ᱢᱮ
erased-title = ᱟᱢᱟᱜ ᱰᱟᱴᱟ ᱢᱮᱴᱟᱣ ᱮᱱᱟ
erased-number = ᱟᱢᱟᱜ ᱱᱮᱦᱚᱨ ᱨᱮᱭᱟᱜ ᱱᱚᱢᱵᱚᱨ { $number } ᱠᱟᱱᱟ᱾ ᱱᱚᱶᱟ ᱱᱚᱢᱵᱚᱨ ᱫᱚᱦᱚ ᱠᱟᱜ ᱢᱮ: ᱱᱤᱛᱚᱜ ᱮᱴᱟᱜ ᱞᱮᱠᱟᱛᱮ ᱱᱚᱶᱟ ᱱᱮᱦᱚᱨ ᱵᱟᱝ ᱧᱟᱢᱚᱜᱼᱟ᱾
erased-in-progress = ᱟᱢᱟᱜ ᱰᱟᱴᱟ ᱨᱮᱭᱟᱜ ᱢᱤᱫ ᱦᱟᱹᱴᱤᱧ ᱢᱮᱴᱟᱣ ᱮᱱᱟ᱾ ᱥᱟᱨᱮᱡ ᱢᱮᱴᱟᱣ ᱞᱟᱹᱜᱤᱫ ᱵᱚᱴᱚᱱ ᱚᱛᱟᱭ ᱢᱮ᱾

## The link

open-title = { $organisation } ᱴᱷᱮᱱ ᱟᱢᱟᱜ ᱥᱟᱦᱴᱟ
open-intro = ᱟᱢᱟᱜ ᱥᱟᱦᱴᱟ ᱡᱷᱤᱡ ᱞᱟᱹᱜᱤᱫ ᱵᱚᱴᱚᱱ ᱚᱛᱟᱭ ᱢᱮ᱾ ᱱᱚᱶᱟ ᱢᱤᱫ ᱫᱷᱟᱣ ᱜᱮ ᱠᱟᱹᱢᱤᱭᱟ᱾
open-button = ᱤᱧᱟᱜ ᱥᱟᱦᱴᱟ ᱡᱷᱤᱡ ᱢᱮ

## Errors

error-title = ᱱᱚᱶᱟ ᱵᱟᱝ ᱦᱩᱭ ᱞᱮᱱᱟ
error-link = ᱱᱚᱶᱟ ᱞᱤᱝᱠ ᱱᱤᱛᱚᱜ ᱵᱟᱝ ᱠᱟᱹᱢᱤᱭᱟ᱾ ᱱᱚᱶᱟ ᱢᱟᱲᱟᱝ ᱜᱮ ᱵᱮᱵᱷᱟᱨ ᱟᱠᱟᱱᱟ, ᱵᱟᱝᱠᱷᱟᱱ ᱚᱱᱟ ᱨᱮᱭᱟᱜ ᱚᱠᱛᱚ ᱪᱟᱵᱟ ᱮᱱᱟ᱾ ᱱᱟᱶᱟ ᱞᱤᱝᱠ ᱠᱚᱭ ᱢᱮ᱾
error-session = ᱟᱢᱟᱜ ᱧᱮᱞ ᱚᱠᱛᱚ ᱪᱟᱵᱟ ᱮᱱᱟ᱾ ᱱᱟᱶᱟ ᱞᱤᱝᱠ ᱠᱚᱭ ᱢᱮ᱾
error-form = ᱱᱚᱶᱟ ᱯᱷᱚᱨᱢ ᱟᱹᱰᱤ ᱢᱟᱨᱮ ᱜᱮᱭᱟ, ᱵᱟᱝᱠᱷᱟᱱ ᱮᱴᱟᱜ ᱥᱟᱦᱴᱟ ᱠᱷᱚᱱ ᱦᱮᱡ ᱟᱠᱟᱱᱟ᱾ ᱡᱟᱦᱟᱱᱟᱜ ᱦᱚᱸ ᱵᱟᱝ ᱵᱚᱫᱚᱞ ᱟᱠᱟᱱᱟ᱾ ᱫᱟᱭᱟᱠᱟᱛᱮ ᱫᱩᱦᱲᱟᱹ ᱠᱩᱨᱩᱢᱩᱴᱩᱭ ᱢᱮ᱾
error-not-found = ᱱᱚᱶᱟ ᱥᱟᱦᱴᱟ ᱵᱟᱹᱱᱩᱜᱼᱟ᱾
error-not-allowed = ᱱᱚᱶᱟ ᱱᱚᱸᱰᱮ ᱵᱟᱝ ᱦᱩᱭ ᱫᱟᱲᱮᱭᱟᱜᱼᱟ᱾ { $organisation } ᱴᱷᱮᱱ ᱠᱩᱠᱞᱤ ᱢᱮ᱾
error-conflict = ᱱᱤᱭᱟᱹ ᱛᱟᱞᱟ ᱨᱮ ᱱᱚᱶᱟ ᱵᱚᱫᱚᱞ ᱮᱱᱟ᱾ ᱫᱟᱭᱟᱠᱟᱛᱮ ᱟᱢᱟᱜ ᱥᱟᱦᱴᱟ ᱫᱩᱦᱲᱟᱹ ᱧᱮᱞ ᱢᱮ᱾
error-too-large = ᱟᱢ ᱪᱮᱫ ᱠᱩᱞ ᱠᱮᱫᱟᱢ ᱚᱱᱟ ᱟᱹᱰᱤ ᱡᱤᱞᱤᱧ ᱜᱮᱭᱟ᱾
error-unavailable = ᱱᱤᱛᱚᱜ ᱥᱮᱵᱟ ᱵᱟᱝ ᱧᱟᱢᱚᱜ ᱠᱟᱱᱟ᱾ ᱫᱟᱭᱟᱠᱟᱛᱮ ᱢᱤᱫ ᱢᱤᱱᱤᱴ ᱛᱟᱭᱚᱢ ᱫᱩᱦᱲᱟᱹ ᱠᱩᱨᱩᱢᱩᱴᱩᱭ ᱢᱮ᱾
error-internal = ᱡᱟᱦᱟᱱ ᱵᱷᱩᱞ ᱦᱩᱭ ᱮᱱᱟ᱾ ᱚᱱᱟ ᱚᱞ ᱫᱚᱦᱚ ᱟᱠᱟᱱᱟ᱾
error-number = ᱱᱚᱶᱟ ᱵᱷᱩᱞ ᱨᱮᱭᱟᱜ ᱱᱚᱢᱵᱚᱨ: { $number }
error-back = ᱤᱧᱟᱜ ᱥᱟᱦᱴᱟ ᱛᱮ ᱨᱩᱣᱟᱹᱲᱚᱜ ᱢᱮ
