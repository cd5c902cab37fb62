### ꯃꯤꯇꯩꯂꯣꯟ (mni-Mtei). Translated from English; no native speaker has reviewed it.

## The frame of every page

language-name = ꯃꯤꯇꯩꯂꯣꯟ
page-name = { $organisation } ꯑꯣꯔꯒꯅꯥꯏꯖꯦꯁꯟꯗꯥ ꯑꯗꯣꯝꯅꯥ ꯄꯤꯕꯤꯈꯤꯕꯥ ꯑꯌꯥꯕꯁꯤꯡ
navigation = ꯂꯃꯥꯏꯁꯤꯡ
nav-home = ꯑꯩꯒꯤ ꯑꯌꯥꯕꯁꯤꯡ
nav-history = ꯄꯨꯋꯥꯔꯤ
nav-told = ꯀꯅꯥꯗꯥ ꯈꯪꯍꯟꯈ꯭ꯔꯦ
nav-grievances = ꯋꯥꯀꯠꯁꯤꯡ
nav-copy = ꯑꯩꯒꯤ ꯗꯦꯇꯥ
nav-erasure = ꯑꯩꯒꯤ ꯗꯦꯇꯥ ꯃꯨꯠꯊꯠꯄꯥ
languages = ꯂꯣꯟꯁꯤꯡ
unreviewed = ꯃꯤꯇꯩꯂꯣꯟ ꯏꯃꯥꯂꯣꯟ ꯑꯣꯏꯕꯥ ꯃꯤ ꯑꯃꯠꯇꯅꯥ ꯍꯧꯖꯤꯛ ꯐꯥꯎꯕꯥ ꯍꯟꯗꯣꯛꯄꯥ ꯑꯁꯤ ꯌꯦꯡꯁꯤꯟꯗ꯭ꯔꯤ꯫
date = { $day } { $month } { $year }
month-1 = ꯖꯥꯅꯨꯋꯥꯔꯤ
month-2 = ꯐꯦꯕ꯭ꯔꯨꯋꯥꯔꯤ
month-3 = ꯃꯥꯔꯆ
month-4 = ꯑꯦꯄ꯭ꯔꯤꯜ
month-5 = ꯃꯦ
month-6 = ꯖꯨꯟ
month-7 = ꯖꯨꯂꯥꯏ
month-8 = ꯑꯥꯒꯁꯠ
month-9 = ꯁꯦꯞꯇꯦꯝꯕꯔ
month-10 = ꯑꯣꯛꯇꯣꯕꯔ
month-11 = ꯅꯚꯦꯝꯕꯔ
month-12 = ꯗꯤꯁꯦꯝꯕꯔ

## What the person agreed to

home-title = ꯑꯗꯣꯝꯅꯥ ꯌꯥꯏ ꯍꯥꯏꯕꯤꯈꯤꯕꯥ ꯋꯥꯐꯝꯁꯤꯡ
home-intro = ꯑꯗꯣꯝꯅꯥ ꯃꯇꯝ ꯄꯨꯝꯅꯃꯛꯇꯥ ꯑꯌꯥꯕꯥ ꯂꯧꯊꯣꯛꯄꯥ ꯌꯥꯏ꯫ ꯑꯌꯥꯕꯥ ꯂꯧꯊꯣꯛꯄꯥ ꯑꯁꯤ ꯑꯌꯥꯕꯥ ꯄꯤꯕꯒꯥ ꯆꯞ ꯃꯥꯟꯅꯅꯥ ꯂꯥꯏ꯫
home-empty = { $organisation } ꯑꯣꯔꯒꯅꯥꯏꯖꯦꯁꯟꯗꯥ ꯑꯗꯣꯝꯒꯤ ꯑꯌꯥꯕꯥ ꯑꯃꯠꯇꯥ ꯂꯩꯇꯦ꯫
home-shortened = ꯈ꯭ꯋꯥꯏꯗꯒꯤ ꯑꯅꯧꯕꯥ ꯔꯦꯀꯣꯔꯗ { $count } ꯈꯛꯇꯃꯛ ꯎꯠꯂꯤ꯫
state-granted = ꯑꯗꯣꯝꯅꯥ { $date } ꯇꯥꯡꯗꯥ ꯌꯥꯏ ꯍꯥꯏꯕꯤꯈꯤ꯫
state-until = ꯑꯗꯣꯝꯒꯤ ꯑꯌꯥꯕꯥ { $date } ꯇꯥꯡꯗꯥ ꯂꯣꯏꯒꯅꯤ꯫
state-denied = ꯑꯗꯣꯝꯅꯥ { $date } ꯇꯥꯡꯗꯥ ꯌꯥꯗꯦ ꯍꯥꯏꯕꯤꯈꯤ꯫
state-withdrawn = ꯑꯗꯣꯝꯅꯥ { $date } ꯇꯥꯡꯗꯥ ꯑꯌꯥꯕꯥ ꯂꯧꯊꯣꯛꯄꯤꯈꯤ꯫
state-expired = ꯑꯗꯣꯝꯒꯤ ꯑꯌꯥꯕꯥ { $date } ꯇꯥꯡꯗꯥ ꯂꯣꯏꯈꯤ꯫
state-renewed = ꯑꯗꯣꯝꯅꯥ { $date } ꯇꯥꯡꯗꯥ ꯃꯁꯤꯒꯤ ꯄꯥꯎꯈꯨꯝ ꯑꯃꯨꯛ ꯍꯟꯅꯥ ꯄꯤꯕꯤꯈꯤ꯫
withdraw = ꯑꯌꯥꯕꯥ ꯂꯧꯊꯣꯛꯄꯥ
withdraw-purpose = ꯑꯌꯥꯕꯥ ꯂꯧꯊꯣꯛꯄꯥ: { $purpose }
withdraw-all = ꯑꯌꯥꯕꯥ ꯄꯨꯝꯅꯃꯛ ꯂꯧꯊꯣꯛꯄꯥ
read-notice = ꯑꯗꯣꯝꯗꯥ ꯎꯠꯈꯤꯕꯥ ꯅꯣꯇꯤꯁ ꯑꯗꯨ ꯄꯥꯕꯤꯌꯨ
receipt = ꯔꯁꯤꯗ
done-withdrawn = ꯑꯗꯣꯝꯒꯤ ꯑꯌꯥꯕꯥ ꯂꯧꯊꯣꯛꯈ꯭ꯔꯦ꯫ { $organisation } ꯅꯥ ꯊꯕꯛ ꯑꯁꯤꯒꯤꯗꯃꯛ ꯑꯗꯣꯝꯒꯤ ꯗꯦꯇꯥ ꯁꯤꯖꯤꯟꯅꯕꯥ ꯇꯣꯛꯄꯥ ꯇꯥꯏ꯫
done-withdrawn-before = ꯑꯌꯥꯕꯥ ꯑꯁꯤ ꯍꯥꯟꯅꯗꯒꯤ ꯂꯧꯊꯣꯛꯈ꯭ꯔꯦ꯫
done-in-progress = ꯃꯁꯤꯒꯤ ꯁꯔꯨꯛ ꯑꯃꯥ ꯂꯧꯊꯣꯛꯈ꯭ꯔꯦ꯫ ꯑꯔꯦꯝꯕꯥ ꯑꯗꯨ ꯂꯧꯊꯣꯛꯅꯕꯥ ꯕꯣꯇꯟ ꯑꯗꯨ ꯑꯃꯨꯛ ꯍꯟꯅꯥ ꯅꯝꯕꯤꯌꯨ꯫

## A notice

notice-title = ꯅꯣꯇꯤꯁ
notice-other-language = ꯅꯣꯇꯤꯁ ꯑꯁꯤ { $language } ꯂꯣꯟꯗꯥ ꯐꯪꯗꯦ꯫ ꯑꯗꯣꯝꯗꯥ { $shown } ꯂꯣꯟꯗꯥ ꯎꯠꯂꯤ꯫
notice-data = ꯁꯤꯖꯤꯟꯅꯕꯥ ꯑꯗꯣꯝꯒꯤ ꯂꯟꯅꯥꯏꯒꯤ ꯗꯦꯇꯥ
notice-purposes = ꯗꯦꯇꯥ ꯑꯁꯤ ꯀꯔꯤꯒꯤꯗꯃꯛ ꯁꯤꯖꯤꯟꯅꯕꯒꯦ
notice-services = ꯃꯁꯤꯅꯥ ꯐꯪꯍꯟꯕꯥ ꯁꯔꯚꯤꯁꯁꯤꯡ: { $services }
notice-necessary = ꯁꯔꯚꯤꯁ ꯑꯁꯤ ꯄꯤꯅꯕꯥ ꯃꯊꯧ ꯇꯥꯏ
notice-officer = ꯑꯗꯣꯝꯒꯤ ꯋꯥꯍꯪ ꯑꯃꯁꯨꯡ ꯋꯥꯀꯠꯁꯤꯡꯒꯤ ꯄꯥꯎꯈꯨꯝ ꯀꯅꯥꯅꯥ ꯄꯤꯒꯅꯤ
notice-withdraw-link = ꯑꯌꯥꯕꯥ ꯀꯔꯝꯅꯥ ꯂꯧꯊꯣꯛꯀꯗꯕꯒꯦ
notice-rights-link = ꯑꯗꯣꯝꯒꯤ ꯍꯛꯁꯤꯡ
notice-complaint-link = ꯗꯦꯇꯥ ꯄ꯭ꯔꯣꯇꯦꯛꯁꯟ ꯕꯣꯔꯗꯗꯥ ꯋꯥꯀꯠ ꯀꯔꯝꯅꯥ ꯊꯥꯒꯗꯕꯒꯦ

## The question of an organisation

question-title = { $organisation } ꯅꯥ ꯑꯗꯣꯝꯒꯤ ꯑꯌꯥꯕꯥ ꯅꯤꯖꯔꯤ
question-intro = ꯄꯥꯟꯗꯝ ꯈꯨꯗꯤꯡꯃꯛꯀꯤ ꯄꯥꯎꯈꯨꯝ ꯑꯃꯥ ꯈꯟꯕꯤꯌꯨ꯫ ꯑꯗꯣꯝꯒꯤ ꯃꯍꯨꯠꯇꯥ ꯀꯔꯤꯁꯨ ꯍꯥꯟꯅꯗꯒꯤ ꯈꯟꯗꯨꯅꯥ ꯊꯝꯗꯦ꯫ ꯑꯗꯣꯝꯅꯥ ꯌꯥꯗꯦ ꯍꯥꯏꯕꯥ ꯌꯥꯏ, ꯑꯃꯁꯨꯡ ꯃꯇꯨꯡꯗꯥ ꯑꯌꯥꯕꯥ ꯂꯧꯊꯣꯛꯄꯁꯨ ꯌꯥꯏ꯫
question-agree = ꯑꯩ ꯌꯥꯏ
question-refuse = ꯑꯩ ꯌꯥꯗꯦ
question-send = ꯑꯩꯒꯤ ꯄꯥꯎꯈꯨꯝꯁꯤꯡ ꯊꯝꯖꯤꯟꯕꯥ
question-unanswered = ꯆꯥꯟꯕꯤꯗꯨꯅꯥ ꯄꯥꯟꯗꯝ ꯈꯨꯗꯤꯡꯃꯛꯀꯤ ꯄꯥꯎꯈꯨꯝ ꯄꯤꯕꯤꯌꯨ꯫ ꯃꯈꯥꯒꯤ ꯑꯁꯤꯒꯤ ꯄꯥꯎꯈꯨꯝ ꯍꯧꯖꯤꯛ ꯐꯥꯎꯕꯥ ꯄꯤꯕꯤꯗ꯭ꯔꯤ:
question-until = ꯑꯗꯣꯝꯅꯥ ꯌꯥꯏ ꯍꯥꯏꯕꯤꯔꯕꯥ ꯑꯃꯁꯨꯡ ꯃꯃꯥꯡꯗꯥ ꯑꯌꯥꯕꯥ ꯂꯧꯊꯣꯛꯄꯤꯗ꯭ꯔꯕꯗꯤ, ꯑꯗꯣꯝꯒꯤ ꯑꯌꯥꯕꯥ { $date } ꯇꯥꯡꯗꯥ ꯂꯣꯏꯒꯅꯤ꯫
answered-title = ꯑꯗꯣꯝꯒꯤ ꯄꯥꯎꯈꯨꯝꯁꯤꯡ ꯊꯝꯖꯤꯜꯂꯦ
answered-agreed = ꯑꯗꯣꯝꯅꯥ ꯌꯥꯏ ꯍꯥꯏꯕꯤꯈꯤ
answered-refused = ꯑꯗꯣꯝꯅꯥ ꯌꯥꯗꯦ ꯍꯥꯏꯕꯤꯈꯤ
answered-before = ꯋꯥꯍꯪꯁꯤꯡ ꯑꯁꯤꯒꯤ ꯄꯥꯎꯈꯨꯝ ꯍꯥꯟꯅꯗꯒꯤ ꯄꯤꯕꯤꯈ꯭ꯔꯦ꯫
answered-receipt = ꯔꯁꯤꯗ ꯗꯥꯎꯟꯂꯣꯗ ꯇꯧꯕꯥ
answered-return = { $organisation } ꯑꯣꯔꯒꯅꯥꯏꯖꯦꯁꯟꯒꯤ ꯂꯃꯥꯏꯗꯥ ꯍꯟꯕꯥ

## History

history-title = ꯄꯨꯋꯥꯔꯤ
history-empty = ꯀꯔꯤꯁꯨ ꯔꯦꯀꯣꯔꯗ ꯇꯧꯗ꯭ꯔꯤ꯫
history-given = ꯑꯗꯣꯝꯗꯥ ꯋꯥꯍꯪ ꯍꯪꯈꯤ, ꯑꯃꯁꯨꯡ ꯑꯗꯣꯝꯒꯤ ꯄꯥꯎꯈꯨꯝꯁꯤꯡ ꯔꯦꯀꯣꯔꯗ ꯇꯧꯈ꯭ꯔꯦ꯫
history-withdrawn = ꯑꯗꯣꯝꯒꯤ ꯑꯌꯥꯕꯥ ꯂꯧꯊꯣꯛꯈ꯭ꯔꯦ꯫
history-part-withdrawn = ꯑꯗꯣꯝꯒꯤ ꯑꯌꯥꯕꯒꯤ ꯁꯔꯨꯛ ꯑꯃꯥ ꯂꯧꯊꯣꯛꯈ꯭ꯔꯦ꯫
history-renewed = ꯑꯗꯣꯝꯒꯤ ꯑꯌꯥꯕꯒꯤ ꯃꯍꯨꯠꯇꯥ ꯍꯦꯟꯅꯥ ꯑꯅꯧꯕꯥ ꯄꯥꯎꯈꯨꯝ ꯑꯃꯥ ꯊꯝꯈ꯭ꯔꯦ꯫
history-erased = ꯑꯗꯣꯝꯒꯤ ꯗꯦꯇꯥ ꯃꯨꯠꯊꯠꯈ꯭ꯔꯦ꯫
history-other = ꯑꯗꯣꯝꯒꯤ ꯑꯌꯥꯕꯥ ꯍꯣꯡꯗꯣꯛꯈ꯭ꯔꯦ꯫
history-here = ꯑꯗꯣꯝꯅꯥ ꯃꯁꯤ ꯂꯃꯥꯏ ꯑꯁꯤꯗꯥ ꯇꯧꯕꯤꯈꯤ꯫
history-by-organisation = { $organisation } ꯅꯥ ꯔꯦꯀꯣꯔꯗ ꯇꯧꯈꯤ꯫
history-verified = ꯊꯧꯗꯣꯛꯁꯤꯡ ꯑꯁꯤꯒꯤ ꯔꯦꯀꯣꯔꯗ ꯃꯄꯨꯡ ꯐꯥꯏ ꯑꯃꯁꯨꯡ ꯀꯔꯤꯁꯨ ꯍꯣꯡꯗꯣꯛꯂꯃꯗꯦ꯫
history-not-verified = ꯊꯧꯗꯣꯛꯁꯤꯡ ꯑꯁꯤꯒꯤ ꯔꯦꯀꯣꯔꯗ ꯁꯣꯛꯈ꯭ꯔꯦ꯫ ꯆꯥꯟꯕꯤꯗꯨꯅꯥ { $organisation } ꯑꯣꯔꯒꯅꯥꯏꯖꯦꯁꯟꯗꯥ ꯋꯥꯀꯠ ꯊꯥꯕꯤꯌꯨ꯫
older = ꯍꯦꯟꯅꯥ ꯑꯔꯤꯕꯥ

## Who was told to stop

told-title = ꯁꯤꯖꯤꯟꯅꯕꯥ ꯇꯣꯛꯅꯕꯥ ꯀꯅꯥꯗꯥ ꯈꯪꯍꯟꯈ꯭ꯔꯦ
told-intro = ꯑꯗꯣꯝꯅꯥ ꯑꯌꯥꯕꯥ ꯂꯧꯊꯣꯛꯄꯤꯕꯥ ꯃꯇꯝꯗꯥ, ꯑꯗꯣꯝꯒꯤ ꯗꯦꯇꯥ ꯐꯪꯕꯁꯤꯡꯒꯤ ꯂꯤꯁ꯭ꯇꯇꯥ ꯂꯩꯔꯤꯕꯥ ꯄꯨꯝꯅꯃꯛꯇꯥ { $organisation } ꯅꯥ ꯈꯪꯍꯜꯂꯤ꯫
told-empty = ꯀꯅꯥꯃꯠꯇꯗꯥ ꯈꯪꯍꯟꯕꯥ ꯃꯊꯧ ꯇꯥꯈꯤꯗꯦ꯫
told-not-yet = ꯍꯧꯖꯤꯛ ꯐꯥꯎꯕꯥ ꯈꯪꯍꯟꯗ꯭ꯔꯤ
told-at = { $date } ꯇꯥꯡꯗꯥ ꯈꯪꯍꯟꯈꯤ
told-waiting = ꯍꯧꯖꯤꯛ ꯐꯥꯎꯕꯥ ꯀꯟꯐꯔꯝ ꯇꯧꯗ꯭ꯔꯤ
told-overdue = { $date } ꯇꯥꯡ ꯐꯥꯎꯕꯗꯥ ꯀꯟꯐꯔꯝ ꯇꯧꯐꯝ ꯊꯣꯛꯈꯤ
told-confirmed = { $date } ꯇꯥꯡꯗꯥ ꯀꯟꯐꯔꯝ ꯇꯧꯈꯤ
told-ceased = ꯁꯤꯖꯤꯟꯅꯕꯥ ꯇꯣꯛꯈ꯭ꯔꯦ
told-erased = ꯑꯗꯣꯝꯒꯤ ꯗꯦꯇꯥ ꯃꯨꯠꯊꯠꯈ꯭ꯔꯦ
told-not-held = ꯑꯗꯣꯝꯒꯤ ꯗꯦꯇꯥ ꯑꯃꯠꯇꯥ ꯊꯝꯗꯦ
told-retained = ꯑꯥꯏꯟꯒꯤ ꯃꯇꯨꯡ ꯏꯟꯅꯥ ꯊꯝꯕꯥ ꯇꯥꯕꯅꯥ ꯑꯗꯣꯝꯒꯤ ꯗꯦꯇꯥ ꯊꯝꯂꯤ
told-refused = ꯁꯤꯖꯤꯟꯅꯕꯥ ꯇꯣꯛꯄꯥ ꯌꯥꯈꯤꯗꯦ

## Complaints

grievances-title = ꯋꯥꯀꯠꯁꯤꯡ
grievances-intro = ꯑꯗꯣꯝꯒꯤ ꯗꯦꯇꯥ ꯁꯤꯖꯤꯟꯅꯕꯒꯤ ꯃꯔꯝꯗꯥ ꯑꯗꯣꯝꯅꯥ ꯋꯥꯀꯠ ꯊꯥꯕꯥ ꯌꯥꯏ꯫ ꯅꯨꯃꯤꯠ { $days } ꯐꯥꯎꯕꯒꯤ ꯃꯅꯨꯡꯗꯥ ꯑꯗꯣꯝꯅꯥ ꯄꯥꯎꯈꯨꯝ ꯐꯪꯕꯤꯒꯅꯤ꯫
grievances-empty = ꯑꯗꯣꯝꯅꯥ ꯋꯥꯀꯠ ꯑꯃꯠꯇꯥ ꯊꯥꯕꯤꯗ꯭ꯔꯤ꯫
grievance-text = ꯑꯗꯣꯝꯒꯤ ꯋꯥꯀꯠ
grievance-send = ꯋꯥꯀꯠ ꯊꯥꯕꯥ
grievance-missing = ꯆꯥꯟꯕꯤꯗꯨꯅꯥ ꯑꯗꯣꯝꯒꯤ ꯋꯥꯀꯠ ꯏꯕꯤꯌꯨ꯫ ꯃꯌꯦꯛ { $count } ꯐꯥꯎꯕꯈꯛꯇꯥ ꯏꯕꯥ ꯌꯥꯏ꯫
grievance-sent = ꯑꯗꯣꯝꯒꯤ ꯋꯥꯀꯠ ꯐꯪꯂꯦ꯫ ꯃꯁꯤꯒꯤ ꯅꯝꯕꯔ { $number } ꯅꯤ꯫
grievance-sent-before = ꯋꯥꯀꯠ ꯑꯁꯤ ꯍꯥꯟꯅꯗꯒꯤ ꯐꯪꯂꯦ꯫
grievance-number = ꯅꯝꯕꯔ { $number }
grievance-submitted = ꯐꯪꯂꯦ
grievance-in-review = ꯌꯦꯡꯁꯤꯜꯂꯤ
grievance-resolved = ꯀꯣꯛꯍꯟꯈ꯭ꯔꯦ
grievance-rejected = ꯂꯧꯁꯤꯟꯈꯤꯗꯦ
grievance-erased = ꯃꯨꯠꯊꯠꯈ꯭ꯔꯦ
grievance-made-on = { $date } ꯇꯥꯡꯗꯥ ꯊꯥꯈꯤ
grievance-answer-by = { $date } ꯇꯥꯡ ꯐꯥꯎꯕꯗꯥ ꯄꯥꯎꯈꯨꯝ ꯄꯤꯒꯗꯕꯅꯤ
grievance-answer = ꯄꯥꯎꯈꯨꯝ: { $text }

## A copy of the data

copy-title = ꯑꯩꯒꯤ ꯗꯦꯇꯥꯒꯤ ꯀꯣꯄꯤ
copy-intro = ꯐꯥꯏꯜ ꯑꯁꯤꯗꯥ ꯑꯗꯣꯝꯒꯤ ꯔꯦꯀꯣꯔꯗ ꯄꯨꯝꯅꯃꯛ ꯃꯈꯣꯌꯒꯤ ꯄ꯭ꯔꯃꯥꯟꯒꯥ ꯂꯣꯏꯅꯅꯥ ꯌꯥꯎꯔꯤ꯫ ꯐꯥꯏꯜ ꯑꯁꯤ ꯀꯝꯄꯤꯎꯇꯔꯒꯤꯅꯤ; ꯑꯗꯣꯝꯅꯥ ꯊꯥꯖꯕꯤꯕꯥ ꯃꯤ ꯀꯅꯥꯒꯨꯝꯕꯅꯥ ꯃꯁꯤ ꯌꯦꯡꯁꯤꯟꯕꯥ ꯌꯥꯏ꯫
copy-download = ꯑꯩꯒꯤ ꯗꯦꯇꯥ ꯗꯥꯎꯟꯂꯣꯗ ꯇꯧꯕꯥ
copy-receipts = ꯔꯁꯤꯗꯁꯤꯡ

## Erasure

erasure-title = ꯑꯩꯒꯤ ꯗꯦꯇꯥ ꯃꯨꯠꯊꯠꯄꯥ
erasure-intro = ꯑꯗꯣꯝꯒꯤ ꯑꯌꯥꯕꯁꯤꯡ ꯂꯣꯏꯒꯅꯤ, ꯑꯃꯁꯨꯡ { $organisation } ꯅꯥ ꯃꯈꯣꯌꯒꯤ ꯔꯦꯀꯣꯔꯗꯁꯤꯡꯗꯒꯤ ꯑꯗꯣꯝꯒꯤ ꯃꯤꯡ ꯂꯧꯊꯣꯛꯀꯅꯤ꯫ ꯃꯁꯤ ꯇꯧꯔꯕꯥ ꯃꯇꯨꯡꯗꯥ ꯍꯥꯟꯅꯒꯨꯝꯅꯥ ꯑꯃꯨꯛ ꯍꯟꯅꯥ ꯑꯣꯏꯍꯟꯕꯥ ꯌꯥꯔꯣꯏ꯫
erasure-kept = ꯑꯥꯏꯟꯒꯤ ꯃꯇꯨꯡ ꯏꯟꯅꯥ ꯊꯝꯕꯥ ꯇꯥꯕꯅꯥ ꯈꯔꯗꯤ ꯊꯝꯂꯤ: ꯔꯦꯀꯣꯔꯗ ꯂꯩꯈꯤ ꯍꯥꯏꯕꯥ ꯑꯗꯨꯈꯛꯇꯅꯤ, ꯑꯗꯣꯝꯒꯤ ꯃꯤꯡ ꯌꯥꯎꯗꯦ꯫
erasure-confirm = ꯑꯩꯒꯤ ꯗꯦꯇꯥ ꯃꯨꯠꯊꯠꯄꯥ ꯑꯩ ꯄꯥꯝꯃꯤ
erasure-unconfirmed = ꯆꯥꯟꯕꯤꯗꯨꯅꯥ ꯑꯍꯥꯟꯕꯗꯥ ꯕꯣꯛꯁ ꯑꯁꯤꯗꯥ ꯇꯤꯛ ꯇꯧꯕꯤꯌꯨ꯫
erasure-send = ꯑꯩꯒꯤ ꯗꯦꯇꯥ ꯍꯧꯖꯤꯛ ꯃꯨꯠꯊꯠꯄꯥ
erased-title = ꯑꯗꯣꯝꯒꯤ ꯗꯦꯇꯥ ꯃꯨꯠꯊꯠꯈ꯭ꯔꯦ
erased-number = ꯑꯗꯣꯝꯒꯤ ꯍꯥꯏꯖꯕꯥ ꯑꯁꯤꯒꯤ ꯅꯝꯕꯔ { $number } ꯅꯤ꯫ ꯅꯝꯕꯔ ꯑꯁꯤ ꯊꯝꯕꯤꯌꯨ: ꯍꯧꯖꯤꯛꯇꯒꯤ ꯑꯇꯣꯞꯄꯥ ꯃꯑꯣꯡ ꯑꯃꯠꯇꯅꯥ ꯍꯥꯏꯖꯕꯥ ꯑꯁꯤ ꯐꯪꯂꯔꯣꯏ꯫
erased-in-progress = ꯑꯗꯣꯝꯒꯤ ꯗꯦꯇꯥꯒꯤ ꯁꯔꯨꯛ ꯑꯃꯥ ꯃꯨꯠꯊꯠꯈ꯭ꯔꯦ꯫ ꯑꯔꯦꯝꯕꯥ ꯑꯗꯨ ꯃꯨꯠꯊꯠꯅꯕꯥ ꯕꯣꯇꯟ ꯅꯝꯕꯤꯌꯨ꯫

## The link

open-title = { $organisation } ꯑꯣꯔꯒꯅꯥꯏꯖꯦꯁꯟꯗꯥ ꯂꯩꯕꯥ ꯑꯗꯣꯝꯒꯤ ꯂꯃꯥꯏ
open-intro = ꯑꯗꯣꯝꯒꯤ ꯂꯃꯥꯏ ꯍꯥꯡꯗꯣꯛꯅꯕꯥ ꯕꯣꯇꯟ ꯅꯝꯕꯤꯌꯨ꯫ ꯃꯁꯤ ꯑꯃꯨꯛꯇꯈꯛꯇꯥ ꯊꯕꯛ ꯇꯧꯏ꯫
open-button = ꯑꯩꯒꯤ ꯂꯃꯥꯏ ꯍꯥꯡꯗꯣꯛꯄꯥ

## Errors

error-title = ꯃꯁꯤ ꯇꯧꯕꯥ ꯉꯝꯈꯤꯗꯦ
error-link = ꯂꯤꯡꯛ ꯑꯁꯤꯅꯥ ꯍꯧꯖꯤꯛ ꯊꯕꯛ ꯇꯧꯗ꯭ꯔꯦ꯫ ꯃꯁꯤ ꯍꯥꯟꯅꯥ ꯁꯤꯖꯤꯟꯅꯈ꯭ꯔꯦ, ꯅꯠꯇ꯭ꯔꯒꯥ ꯃꯁꯤꯒꯤ ꯃꯇꯝ ꯂꯣꯏꯔꯦ꯫ ꯑꯅꯧꯕꯥ ꯂꯤꯡꯛ ꯑꯃꯥ ꯍꯪꯕꯤꯌꯨ꯫
error-session = ꯂꯃꯥꯏ ꯑꯁꯤ ꯌꯦꯡꯕꯒꯤ ꯃꯇꯝ ꯂꯣꯏꯔꯦ꯫ ꯑꯅꯧꯕꯥ ꯂꯤꯡꯛ ꯑꯃꯥ ꯍꯪꯕꯤꯌꯨ꯫
error-form = ꯐꯣꯔꯝ ꯑꯁꯤ ꯌꯥꯝꯅꯥ ꯑꯔꯤꯕꯅꯤ, ꯅꯠꯇ꯭ꯔꯒꯥ ꯑꯇꯣꯞꯄꯥ ꯂꯃꯥꯏꯗꯒꯤ ꯂꯥꯛꯄꯅꯤ꯫ ꯀꯔꯤꯁꯨ ꯍꯣꯡꯗꯣꯛꯂꯃꯗꯦ꯫ ꯆꯥꯟꯕꯤꯗꯨꯅꯥ ꯑꯃꯨꯛ ꯍꯟꯅꯥ ꯍꯣꯠꯅꯕꯤꯌꯨ꯫
error-not-found = ꯂꯃꯥꯏ ꯑꯁꯤ ꯂꯩꯇꯦ꯫
error-not-allowed = ꯃꯁꯤ ꯃꯐꯝ ꯑꯁꯤꯗꯥ ꯇꯧꯕꯥ ꯌꯥꯗꯦ꯫ { $organisation } ꯑꯣꯔꯒꯅꯥꯏꯖꯦꯁꯟꯗꯥ ꯍꯪꯕꯤꯌꯨ꯫
error-conflict = ꯃꯇꯝ ꯑꯁꯤꯒꯤ ꯃꯅꯨꯡꯗꯥ ꯃꯁꯤ ꯍꯣꯡꯈ꯭ꯔꯦ꯫ ꯆꯥꯟꯕꯤꯗꯨꯅꯥ ꯑꯗꯣꯝꯒꯤ ꯂꯃꯥꯏ ꯑꯃꯨꯛ ꯍꯟꯅꯥ ꯌꯦꯡꯕꯤꯌꯨ꯫
error-too-large = ꯑꯗꯣꯝꯅꯥ ꯊꯥꯕꯤꯔꯛꯄꯥ ꯑꯗꯨ ꯌꯥꯝꯅꯥ ꯁꯥꯡꯉꯤ꯫
error-unavailable = ꯍꯧꯖꯤꯛ ꯁꯔꯚꯤꯁ ꯑꯁꯤ ꯐꯪꯗꯦ꯫ ꯆꯥꯟꯕꯤꯗꯨꯅꯥ ꯃꯤꯅꯤꯠ ꯑꯃꯒꯤ ꯃꯇꯨꯡꯗꯥ ꯑꯃꯨꯛ ꯍꯟꯅꯥ ꯍꯣꯠꯅꯕꯤꯌꯨ꯫
error-internal = ꯀꯔꯤꯒꯨꯝꯕꯥ ꯑꯁꯣꯏꯕꯥ ꯑꯃꯥ ꯊꯣꯛꯈ꯭ꯔꯦ꯫ ꯃꯁꯤ ꯏꯁꯤꯟꯗꯨꯅꯥ ꯊꯝꯈ꯭ꯔꯦ꯫
error-number = ꯑꯁꯣꯏꯕꯥ ꯑꯁꯤꯒꯤ ꯅꯝꯕꯔ: { $number }
error-back = ꯑꯩꯒꯤ ꯂꯃꯥꯏꯗꯥ ꯍꯟꯕꯥ
