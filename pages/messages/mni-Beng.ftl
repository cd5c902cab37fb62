### মৈতৈলোন (mni-Beng). Translated from English; no native speaker has reviewed it.

## The frame of every page

language-name = মৈতৈলোন
page-name = { $organisation } ওরগনাইজেসনদা অদোম্না পীবিখিবা অয়াবশিং
navigation = লমাইশিং
nav-home = ঐগী অয়াবশিং
nav-history = পুৱারী
nav-told = কনাদা খংহনখ্রে
nav-grievances = ৱাকৎশিং
nav-copy = ঐগী দেতা
nav-erasure = ঐগী দেতা মুত্থৎপা
languages = লোনশিং
unreviewed = মৈতৈলোন ইমালোন ওইবা মী অমত্তনা হৌজিক ফাওবা হন্দোকপা অসি য়েংশিন্দ্রি।
date = { $day } { $month } { $year }
month-1 = জানুৱারি
month-2 = ফেব্রুৱারি
month-3 = মার্চ
month-4 = এপ্রিল
month-5 = মে
month-6 = জুন
month-7 = জুলাই
month-8 = আগস্ত
month-9 = সেপ্তেম্বর
month-10 = ওক্তোবর
month-11 = নভেম্বর
month-12 = দিসেম্বর

## What the person agreed to

home-title = অদোম্না য়াই হায়বিখিবা ৱাফমশিং
home-intro = অদোম্না মতম পুম্নমক্তা অয়াবা লৌথোকপা য়াই। অয়াবা লৌথোকপা অসি অয়াবা পীবগা চপ মান্ননা লাই।
home-empty = { $organisation } ওরগনাইজেসনদা অদোমগী অয়াবা অমত্তা লৈতে।
home-shortened = খ্বাইদগি অনৌবা রেকোর্দ { $count } খক্তমক উৎলি।
state-granted = অদোম্না { $date } তাংদা য়াই হায়বিখি।
state-until = অদোমগী অয়াবা { $date } তাংদা লোইগনি।
state-denied = অদোম্না { $date } তাংদা য়াদে হায়বিখি।
state-withdrawn = অদোম্না { $date } তাংদা অয়াবা লৌথোকপিখি।
state-expired = অদোমগী অয়াবা { $date } তাংদা লোইখি।
state-renewed = অদোম্না { $date } তাংদা মসিগী পাউখুম অমুক হন্না পীবিখি।
withdraw = অয়াবা লৌথোকপা
withdraw-purpose = অয়াবা লৌথোকপা: { $purpose }
withdraw-all = অয়াবা পুম্নমক লৌথোকপা
read-notice = অদোমদা উৎখিবা নোতিস অদু পাবিয়ু
receipt = রসিদ
done-withdrawn = অদোমগী অয়াবা লৌথোকখ্রে। { $organisation } না থবক অসিগীদমক অদোমগী দেতা শীজিন্নবা তোকপা তাই।
done-withdrawn-before = অয়াবা অসি হান্নদগি লৌথোকখ্রে।
done-in-progress = মসিগী শরুক অমা লৌথোকখ্রে। অরেম্বা অদু লৌথোক্নবা বোতন অদু অমুক হন্না নমবিয়ু।

## A notice

notice-title = নোতিস
notice-other-language = নোতিস অসি { $language } লোনদা ফংদে। অদোমদা { $shown } লোনদা উৎলি।
notice-data = শীজিন্নবা অদোমগী লন্নাইগী দেতা
notice-purposes = দেতা অসি করিগীদমক শীজিন্নবগে
notice-services = মসিনা ফংহনবা সর্ভিসশিং: { $services }
notice-necessary = সর্ভিস অসি পীনবা মথৌ তাই
notice-officer = অদোমগী ৱাহং অমসুং ৱাকৎশিংগী পাউখুম কনানা পীগনি
notice-withdraw-link = অয়াবা করম্না লৌথোক্কদবগে
notice-rights-link = অদোমগী হকশিং
notice-complaint-link = দেতা প্রোতেক্সন বোর্দদা ৱাকৎ করম্না থাগদবগে

## The question of an organisation

question-title = { $organisation } না অদোমগী অয়াবা নীজরি
question-intro = পান্দম খুদিংমক্কী পাউখুম অমা খনবিয়ু। অদোমগী মহুত্তা করিসু হান্নদগি খন্দুনা থমদে। অদোম্না য়াদে হায়বা য়াই, অমসুং মতুংদা অয়াবা লৌথোকপসু য়াই।
question-agree = ঐ য়াই
question-refuse = ঐ য়াদে
question-send = ঐগী পাউখুমশিং থমজিনবা
question-unanswered = চানবিদুনা পান্দম খুদিংমক্কী পাউখুম পীবিয়ু। মখাগী অসিগী পাউখুম হৌজিক ফাওবা পীবিদ্রি:
question-until = অদোম্না য়াই হায়বিরবা অমসুং মমাংদা অয়াবা লৌথোকপিদ্রবদি, অদোমগী অয়াবা { $date } তাংদা লোইগনি।
answered-title = অদোমগী পাউখুমশিং থমজিল্লে
answered-agreed = অদোম্না য়াই হায়বিখি
answered-refused = অদোম্না য়াদে হায়বিখি
answered-before = ৱাহংশিং অসিগী পাউখুম হান্নদগি পীবিখ্রে।
answered-receipt = রসিদ দাউনলোদ তৌবা
answered-return = { $organisation } ওরগনাইজেসনগী লমাইদা হনবা

## History

history-title = পুৱারী
history-empty = করিসু রেকোর্দ তৌদ্রি।
history-given = অদোমদা ৱাহং হংখি, অমসুং অদোমগী পাউখুমশিং রেকোর্দ তৌখ্রে।
history-withdrawn = অদোমগী অয়াবা লৌথোকখ্রে।
history-part-withdrawn = অদোমগী অয়াবগী শরুক অমা লৌথোকখ্রে।
history-renewed = অদোমগী অয়াবগী মহুত্তা হেন্না অনৌবা পাউখুম অমা থমখ্রে।
history-erased = অদোমগী দেতা মুত্থৎখ্রে।
history-other = অদোমগী অয়াবা হোংদোকখ্রে।
history-here = অদোম্না মসি লমাই অসিদা তৌবিখি।
history-by-organisation = { $organisation } না রেকোর্দ তৌখি।
history-verified = থৌদোকশিং অসিগী রেকোর্দ মপুং ফাই অমসুং করিসু হোংদোক্লমদে।
history-not-verified = থৌদোকশিং অসিগী রেকোর্দ শোকখ্রে। চানবিদুনা { $organisation } ওরগনাইজেসনদা ৱাকৎ থাবিয়ু।
older = হেন্না অরিবা

## Who was told to stop

told-title = শীজিন্নবা তোক্নবা কনাদা খংহনখ্রে
told-intro = অদোম্না অয়াবা লৌথোকপিবা মতমদা, অদোমগী দেতা ফংবশিংগী লিস্ততা লৈরিবা পুম্নমক্তা { $organisation } না খংহল্লি।
told-empty = কনামত্তদা খংহনবা মথৌ তাখিদে।
told-not-yet = হৌজিক ফাওবা খংহন্দ্রি
told-at = { $date } তাংদা খংহনখি
told-waiting = হৌজিক ফাওবা কনফর্ম তৌদ্রি
told-overdue = { $date } তাং ফাওবদা কনফর্ম তৌফম থোকখি
told-confirmed = { $date } তাংদা কনফর্ম তৌখি
told-ceased = শীজিন্নবা তোকখ্রে
told-erased = অদোমগী দেতা মুত্থৎখ্রে
told-not-held = অদোমগী দেতা অমত্তা থমদে
told-retained = আইনগী মতুং ইন্না থমবা তাবনা অদোমগী দেতা থম্লি
told-refused = শীজিন্নবা তোকপা য়াখিদে

## Complaints

grievances-title = ৱাকৎশিং
grievances-intro = অদোমগী দেতা শীজিন্নবগী মরমদা অদোম্না ৱাকৎ থাবা য়াই। নুমিৎ { $days } ফাওবগী মনুংদা অদোম্না পাউখুম ফংবিগনি।
grievances-empty = অদোম্না ৱাকৎ অমত্তা থাবিদ্রি।
grievance-text = অদোমগী ৱাকৎ
grievance-send = ৱাকৎ থাবা
grievance-missing = চানবিদুনা অদোমগী ৱাকৎ ইবিয়ু। ময়েক { $count } ফাওবখক্তা ইবা য়াই।
grievance-sent = অদোমগী ৱাকৎ ফংলে। মসিগী নম্বর { $number } নি।
grievance-sent-before = ৱাকৎ অসি হান্নদগি ফংলে।
grievance-number = নম্বর { $number }
grievance-submitted = ফংলে
grievance-in-review = য়েংশিল্লি
grievance-resolved = কোকহনখ্রে
grievance-rejected = লৌশিনখিদে
grievance-erased = মুত্থৎখ্রে
grievance-made-on = { $date } তাংদা থাখি
grievance-answer-by = { $date } তাং ফাওবদা পাউখুম পীগদবনি
grievance-answer = পাউখুম: { $text }

## A copy of the data

copy-title = ঐগী দেতাগী কোপি
copy-intro = ফাইল অসিদা অদোমগী রেকোর্দ পুম্নমক মখোয়গী প্রমানগা লোয়ননা য়াওরি। ফাইল অসি কম্পিউতরগীনি; অদোম্না থাজবিবা মী কনাগুম্বনা মসি য়েংশিনবা য়াই।
copy-download = ঐগী দেতা দাউনলোদ তৌবা
copy-receipts = রসিদশিং

## Erasure

erasure-title = ঐগী দেতা মুত্থৎপা
erasure-intro = অদোমগী অয়াবশিং লোইগনি, অমসুং { $organisation } না মখোয়গী রেকোর্দশিংদগি অদোমগী মিং লৌথোক্কনি। মসি তৌরবা মতুংদা হান্নগুম্না অমুক হন্না ওইহনবা য়ারোই।
erasure-kept = আইনগী মতুং ইন্না থমবা তাবনা খরদি থম্লি: রেকোর্দ লৈখি হায়বা অদুখক্তনি, অদোমগী মিং য়াওদে।
erasure-confirm = ঐগী দেতা মুত্থৎপা ঐ পাম্মি
erasure-unconfirmed = চানবিদুনা অহানবদা বোক্স অসিদা তিক তৌবিয়ু।
erasure-send = ঐগী দেতা হৌজিক মুত্থৎপা
erased-title = অদোমগী দেতা মুত্থৎখ্রে
erased-number = অদোমগী হায়জবা অসিগী নম্বর { $number } নি। নম্বর অসি থমবিয়ু: হৌজিক্তগি অতোপ্পা মওং অমত্তনা হায়জবা অসি ফংলরোই।
erased-in-progress = অদোমগী দেতাগী শরুক অমা মুত্থৎখ্রে। অরেম্বা অদু মুত্থৎনবা বোতন নমবিয়ু।

## The link

open-title = { $organisation } ওরগনাইজেসনদা লৈবা অদোমগী লমাই
open-intro = অদোমগী লমাই হাংদোক্নবা বোতন নমবিয়ু। মসি অমুক্তখক্তা থবক তৌই।
open-button = ঐগী লমাই হাংদোকপা

## Errors

error-title = মসি তৌবা ঙমখিদে
error-link = লিংক অসিনা হৌজিক থবক তৌদ্রে। মসি হান্না শীজিন্নখ্রে, নত্ত্রগা মসিগী মতম লোইরে। অনৌবা লিংক অমা হংবিয়ু।
error-session = লমাই অসি য়েংবগী মতম লোইরে। অনৌবা লিংক অমা হংবিয়ু।
error-form = ফোর্ম অসি য়াম্না অরিবনি, নত্ত্রগা অতোপ্পা লমাইদগি লাকপনি। করিসু হোংদোক্লমদে। চানবিদুনা অমুক হন্না হোৎনবিয়ু।
error-not-found = লমাই অসি লৈতে।
error-not-allowed = মসি মফম অসিদা তৌবা য়াদে। { $organisation } ওরগনাইজেসনদা হংবিয়ু।
error-conflict = মতম অসিগী মনুংদা মসি হোংখ্রে। চানবিদুনা অদোমগী লমাই অমুক হন্না য়েংবিয়ু।
error-too-large = অদোম্না থাবিরকপা অদু য়াম্না শাংই।
error-unavailable = হৌজিক সর্ভিস অসি ফংদে। চানবিদুনা মিনিৎ অমগী মতুংদা অমুক হন্না হোৎনবিয়ু।
error-internal = করিগুম্বা অশোয়বা অমা থোকখ্রে। মসি ইশিন্দুনা থমখ্রে।
error-number = অশোয়বা অসিগী নম্বর: { $number }
error-back = ঐগী লমাইদা হনবা
