### ਪੰਜਾਬੀ (pa). Translated from English; no native speaker has reviewed it.

## The frame of every page

language-name = ਪੰਜਾਬੀ
page-name = { $organisation } ਕੋਲ ਤੁਹਾਡੀਆਂ ਸਹਿਮਤੀਆਂ
navigation = ਪੰਨੇ
nav-home = ਮੇਰੀਆਂ ਸਹਿਮਤੀਆਂ
nav-history = ਹੁਣ ਤੱਕ ਕੀ ਹੋਇਆ
nav-told = ਕਿਸ ਨੂੰ ਦੱਸਿਆ ਗਿਆ
nav-grievances = ਸ਼ਿਕਾਇਤਾਂ
nav-copy = ਮੇਰੀ ਜਾਣਕਾਰੀ
nav-erasure = ਮੇਰੀ ਜਾਣਕਾਰੀ ਮਿਟਾਉਣਾ
languages = ਭਾਸ਼ਾਵਾਂ
unreviewed = ਪੰਜਾਬੀ ਮਾਂ-ਬੋਲੀ ਵਾਲੇ ਕਿਸੇ ਵਿਅਕਤੀ ਨੇ ਹਾਲੇ ਇਹ ਅਨੁਵਾਦ ਨਹੀਂ ਜਾਂਚਿਆ।
date = { $day } { $month } { $year }
month-1 = ਜਨਵਰੀ
month-2 = ਫ਼ਰਵਰੀ
month-3 = ਮਾਰਚ
month-4 = ਅਪ੍ਰੈਲ
month-5 = ਮਈ
month-6 = ਜੂਨ
month-7 = ਜੁਲਾਈ
month-8 = ਅਗਸਤ
month-9 = ਸਤੰਬਰ
month-10 = ਅਕਤੂਬਰ
month-11 = ਨਵੰਬਰ
month-12 = ਦਸੰਬਰ

## What the person agreed to

home-title = ਤੁਸੀਂ ਕਿਸ ਲਈ ਸਹਿਮਤੀ ਦਿੱਤੀ
home-intro = ਤੁਸੀਂ ਜਦੋਂ ਚਾਹੋ ਸਹਿਮਤੀ ਵਾਪਸ ਲੈ ਸਕਦੇ ਹੋ। ਵਾਪਸ ਲੈਣਾ ਓਨਾ ਹੀ ਸੌਖਾ ਹੈ ਜਿੰਨਾ ਸਹਿਮਤੀ ਦੇਣਾ।
home-empty = { $organisation } ਕੋਲ ਤੁਹਾਡੀ ਕੋਈ ਸਹਿਮਤੀ ਨਹੀਂ ਹੈ।
home-shortened = ਸਿਰਫ਼ ਸਭ ਤੋਂ ਨਵੇਂ { $count } ਰਿਕਾਰਡ ਦਿਖਾਏ ਗਏ ਹਨ।
state-granted = ਤੁਸੀਂ { $date } ਨੂੰ ਸਹਿਮਤੀ ਦਿੱਤੀ।
state-until = ਤੁਹਾਡੀ ਸਹਿਮਤੀ { $date } ਨੂੰ ਖ਼ਤਮ ਹੋਵੇਗੀ।
state-denied = ਤੁਸੀਂ { $date } ਨੂੰ ਇਨਕਾਰ ਕੀਤਾ।
state-withdrawn = ਤੁਸੀਂ { $date } ਨੂੰ ਸਹਿਮਤੀ ਵਾਪਸ ਲਈ।
state-expired = ਤੁਹਾਡੀ ਸਹਿਮਤੀ { $date } ਨੂੰ ਖ਼ਤਮ ਹੋ ਗਈ।
state-renewed = ਤੁਸੀਂ { $date } ਨੂੰ ਇਸ ਦਾ ਦੁਬਾਰਾ ਜਵਾਬ ਦਿੱਤਾ।
withdraw = ਵਾਪਸ ਲਓ
withdraw-purpose = ਵਾਪਸ ਲਓ: { $purpose }
withdraw-all = ਸਭ ਕੁਝ ਵਾਪਸ ਲਓ
read-notice = ਤੁਹਾਨੂੰ ਦਿਖਾਇਆ ਗਿਆ ਨੋਟਿਸ ਪੜ੍ਹੋ
receipt = ਰਸੀਦ
done-withdrawn = ਤੁਹਾਡੀ ਸਹਿਮਤੀ ਵਾਪਸ ਲੈ ਲਈ ਗਈ ਹੈ। { $organisation } ਨੂੰ ਇਸ ਕੰਮ ਲਈ ਤੁਹਾਡੀ ਜਾਣਕਾਰੀ ਵਰਤਣੀ ਬੰਦ ਕਰਨੀ ਪਵੇਗੀ।
done-withdrawn-before = ਇਹ ਪਹਿਲਾਂ ਹੀ ਵਾਪਸ ਲਈ ਜਾ ਚੁੱਕੀ ਹੈ।
done-in-progress = ਇਸ ਦਾ ਇੱਕ ਹਿੱਸਾ ਵਾਪਸ ਲੈ ਲਿਆ ਗਿਆ ਹੈ। ਬਾਕੀ ਵਾਪਸ ਲੈਣ ਲਈ ਬਟਨ ਇੱਕ ਵਾਰ ਹੋਰ ਦਬਾਓ।

## A notice

notice-title = ਨੋਟਿਸ
notice-other-language = ਇਹ ਨੋਟਿਸ { $language } ਵਿੱਚ ਨਹੀਂ ਹੈ। ਇਹ ਤੁਹਾਨੂੰ { $shown } ਵਿੱਚ ਦਿਖਾਇਆ ਗਿਆ ਹੈ।
notice-data = ਵਰਤੀ ਜਾਣ ਵਾਲੀ ਨਿੱਜੀ ਜਾਣਕਾਰੀ
notice-purposes = ਇਹ ਕਿਸ ਲਈ ਵਰਤੀ ਜਾਂਦੀ ਹੈ
notice-services = ਇਸ ਨਾਲ ਮਿਲਣ ਵਾਲੀਆਂ ਸੇਵਾਵਾਂ: { $services }
notice-necessary = ਸੇਵਾ ਲਈ ਲੋੜੀਂਦਾ
notice-officer = ਤੁਹਾਡੇ ਸਵਾਲਾਂ ਅਤੇ ਸ਼ਿਕਾਇਤਾਂ ਦਾ ਜਵਾਬ ਕੌਣ ਦਿੰਦਾ ਹੈ
notice-withdraw-link = ਸਹਿਮਤੀ ਵਾਪਸ ਕਿਵੇਂ ਲਈਏ
notice-rights-link = ਤੁਹਾਡੇ ਹੱਕ
notice-complaint-link = ਡੇਟਾ ਸੁਰੱਖਿਆ ਬੋਰਡ ਨੂੰ ਸ਼ਿਕਾਇਤ ਕਿਵੇਂ ਕਰੀਏ

## The question of an organisation

question-title = { $organisation } ਵੱਲੋਂ ਤੁਹਾਡੀ ਸਹਿਮਤੀ ਮੰਗੀ ਜਾ ਰਹੀ ਹੈ
question-intro = ਹਰ ਮਕਸਦ ਲਈ ਇੱਕ ਜਵਾਬ ਚੁਣੋ। ਤੁਹਾਡੇ ਲਈ ਪਹਿਲਾਂ ਤੋਂ ਕੁਝ ਨਹੀਂ ਚੁਣਿਆ ਗਿਆ। ਤੁਸੀਂ ਇਨਕਾਰ ਕਰ ਸਕਦੇ ਹੋ, ਅਤੇ ਸਹਿਮਤੀ ਬਾਅਦ ਵਿੱਚ ਵਾਪਸ ਵੀ ਲੈ ਸਕਦੇ ਹੋ।
question-agree = ਮੈਂ ਸਹਿਮਤ ਹਾਂ
question-refuse = ਮੈਂ ਸਹਿਮਤ ਨਹੀਂ ਹਾਂ
question-send = ਮੇਰੇ ਜਵਾਬ ਸੰਭਾਲੋ
question-unanswered = ਕਿਰਪਾ ਕਰਕੇ ਹਰ ਮਕਸਦ ਲਈ ਜਵਾਬ ਦਿਓ। ਇਹਨਾਂ ਦਾ ਜਵਾਬ ਹਾਲੇ ਬਾਕੀ ਹੈ:
question-until = ਜੇ ਤੁਸੀਂ ਸਹਿਮਤੀ ਦਿੰਦੇ ਹੋ, ਤਾਂ ਉਹ { $date } ਨੂੰ ਖ਼ਤਮ ਹੋਵੇਗੀ; ਜੇ ਪਹਿਲਾਂ ਵਾਪਸ ਲੈ ਲਓ, ਤਾਂ ਉਦੋਂ ਹੀ ਖ਼ਤਮ ਹੋ ਜਾਵੇਗੀ।
answered-title = ਤੁਹਾਡੇ ਜਵਾਬ ਸੰਭਾਲ ਲਏ ਗਏ ਹਨ
answered-agreed = ਤੁਸੀਂ ਸਹਿਮਤੀ ਦਿੱਤੀ
answered-refused = ਤੁਸੀਂ ਇਨਕਾਰ ਕੀਤਾ
answered-before = ਇਹਨਾਂ ਸਵਾਲਾਂ ਦੇ ਜਵਾਬ ਪਹਿਲਾਂ ਹੀ ਦਿੱਤੇ ਜਾ ਚੁੱਕੇ ਹਨ।
answered-receipt = ਰਸੀਦ ਡਾਊਨਲੋਡ ਕਰੋ
answered-return = { $organisation } ਉੱਤੇ ਵਾਪਸ ਜਾਓ

## History

history-title = ਹੁਣ ਤੱਕ ਕੀ ਹੋਇਆ
history-empty = ਕੁਝ ਵੀ ਦਰਜ ਨਹੀਂ ਹੈ।
history-given = ਤੁਹਾਨੂੰ ਪੁੱਛਿਆ ਗਿਆ ਅਤੇ ਤੁਹਾਡੇ ਜਵਾਬ ਦਰਜ ਕੀਤੇ ਗਏ।
history-withdrawn = ਤੁਹਾਡੀ ਸਹਿਮਤੀ ਵਾਪਸ ਲਈ ਗਈ।
history-part-withdrawn = ਤੁਹਾਡੀ ਸਹਿਮਤੀ ਦਾ ਇੱਕ ਹਿੱਸਾ ਵਾਪਸ ਲਿਆ ਗਿਆ।
history-renewed = ਤੁਹਾਡੀ ਸਹਿਮਤੀ ਦੀ ਥਾਂ ਨਵਾਂ ਜਵਾਬ ਦਰਜ ਹੋਇਆ।
history-erased = ਤੁਹਾਡੀ ਜਾਣਕਾਰੀ ਮਿਟਾਈ ਗਈ।
history-other = ਤੁਹਾਡੀ ਸਹਿਮਤੀ ਬਦਲੀ ਗਈ।
history-here = ਇਹ ਤੁਸੀਂ ਇਸ ਪੰਨੇ ਉੱਤੇ ਕੀਤਾ।
history-by-organisation = { $organisation } ਵੱਲੋਂ ਦਰਜ ਕੀਤਾ ਗਿਆ।
history-verified = ਇਹਨਾਂ ਘਟਨਾਵਾਂ ਦਾ ਰਿਕਾਰਡ ਪੂਰਾ ਹੈ ਅਤੇ ਬਦਲਿਆ ਨਹੀਂ ਗਿਆ।
history-not-verified = ਇਹਨਾਂ ਘਟਨਾਵਾਂ ਦਾ ਰਿਕਾਰਡ ਖ਼ਰਾਬ ਹੋ ਗਿਆ ਹੈ। ਕਿਰਪਾ ਕਰਕੇ { $organisation } ਕੋਲ ਸ਼ਿਕਾਇਤ ਕਰੋ।
older = ਪੁਰਾਣੇ

## Who was told to stop

told-title = ਵਰਤੋਂ ਬੰਦ ਕਰਨ ਲਈ ਕਿਸ ਨੂੰ ਦੱਸਿਆ ਗਿਆ
told-intro = ਜਦੋਂ ਤੁਸੀਂ ਸਹਿਮਤੀ ਵਾਪਸ ਲੈਂਦੇ ਹੋ, ਤਾਂ ਜਿਹੜੇ ਤੁਹਾਡੀ ਜਾਣਕਾਰੀ ਲੈਣ ਵਾਲਿਆਂ ਦੀ ਸੂਚੀ ਵਿੱਚ ਹਨ, ਉਹਨਾਂ ਸਾਰਿਆਂ ਨੂੰ { $organisation } ਵੱਲੋਂ ਦੱਸਿਆ ਜਾਂਦਾ ਹੈ।
told-empty = ਕਿਸੇ ਨੂੰ ਦੱਸਣ ਦੀ ਲੋੜ ਨਹੀਂ ਪਈ।
told-not-yet = ਹਾਲੇ ਨਹੀਂ ਦੱਸਿਆ ਗਿਆ
told-at = { $date } ਨੂੰ ਦੱਸਿਆ ਗਿਆ
told-waiting = ਹਾਲੇ ਪੁਸ਼ਟੀ ਨਹੀਂ ਕੀਤੀ
told-overdue = { $date } ਤੱਕ ਪੁਸ਼ਟੀ ਕਰਨੀ ਚਾਹੀਦੀ ਸੀ
told-confirmed = { $date } ਨੂੰ ਪੁਸ਼ਟੀ ਕੀਤੀ
told-ceased = ਵਰਤੋਂ ਬੰਦ ਕਰ ਦਿੱਤੀ ਹੈ
told-erased = ਤੁਹਾਡੀ ਜਾਣਕਾਰੀ ਮਿਟਾ ਦਿੱਤੀ ਹੈ
told-not-held = ਇਹਨਾਂ ਕੋਲ ਤੁਹਾਡੀ ਕੋਈ ਜਾਣਕਾਰੀ ਨਹੀਂ ਹੈ
told-retained = ਕਾਨੂੰਨ ਮੁਤਾਬਕ ਜ਼ਰੂਰੀ ਹੋਣ ਕਰਕੇ ਤੁਹਾਡੀ ਜਾਣਕਾਰੀ ਰੱਖੀ ਹੋਈ ਹੈ
told-refused = ਵਰਤੋਂ ਬੰਦ ਕਰਨ ਤੋਂ ਇਨਕਾਰ ਕੀਤਾ

## Complaints

grievances-title = ਸ਼ਿਕਾਇਤਾਂ
grievances-intro = ਤੁਹਾਡੀ ਜਾਣਕਾਰੀ ਕਿਵੇਂ ਵਰਤੀ ਜਾਂਦੀ ਹੈ, ਇਸ ਬਾਰੇ ਤੁਸੀਂ ਸ਼ਿਕਾਇਤ ਕਰ ਸਕਦੇ ਹੋ। ਤੁਹਾਨੂੰ { $days } ਦਿਨਾਂ ਦੇ ਅੰਦਰ ਜਵਾਬ ਮਿਲੇਗਾ।
grievances-empty = ਤੁਸੀਂ ਕੋਈ ਸ਼ਿਕਾਇਤ ਨਹੀਂ ਕੀਤੀ।
grievance-text = ਤੁਹਾਡੀ ਸ਼ਿਕਾਇਤ
grievance-send = ਸ਼ਿਕਾਇਤ ਭੇਜੋ
grievance-missing = ਕਿਰਪਾ ਕਰਕੇ ਆਪਣੀ ਸ਼ਿਕਾਇਤ ਲਿਖੋ। ਇਸ ਵਿੱਚ ਵੱਧ ਤੋਂ ਵੱਧ { $count } ਅੱਖਰ ਹੋ ਸਕਦੇ ਹਨ।
grievance-sent = ਤੁਹਾਡੀ ਸ਼ਿਕਾਇਤ ਮਿਲ ਗਈ ਹੈ। ਇਸ ਦਾ ਨੰਬਰ: { $number }।
grievance-sent-before = ਇਹ ਸ਼ਿਕਾਇਤ ਪਹਿਲਾਂ ਹੀ ਮਿਲ ਚੁੱਕੀ ਹੈ।
grievance-number = ਨੰਬਰ { $number }
grievance-submitted = ਮਿਲ ਗਈ
grievance-in-review = ਜਾਂਚ ਹੋ ਰਹੀ ਹੈ
grievance-resolved = ਹੱਲ ਹੋ ਗਈ
grievance-rejected = ਰੱਦ ਕੀਤੀ ਗਈ
grievance-erased = ਮਿਟਾਈ ਗਈ
grievance-made-on = { $date } ਨੂੰ ਕੀਤੀ ਗਈ
grievance-answer-by = { $date } ਤੱਕ ਜਵਾਬ ਮਿਲਣਾ ਚਾਹੀਦਾ ਹੈ
grievance-answer = ਜਵਾਬ: { $text }

## A copy of the data

copy-title = ਮੇਰੀ ਜਾਣਕਾਰੀ ਦੀ ਨਕਲ
copy-intro = ਇਸ ਫ਼ਾਈਲ ਵਿੱਚ ਤੁਹਾਡਾ ਹਰ ਰਿਕਾਰਡ ਉਸ ਦੇ ਸਬੂਤ ਸਮੇਤ ਹੈ। ਇਹ ਕੰਪਿਊਟਰਾਂ ਲਈ ਹੈ; ਜਿਸ ਉੱਤੇ ਤੁਹਾਨੂੰ ਭਰੋਸਾ ਹੋਵੇ, ਉਹ ਇਸ ਨੂੰ ਜਾਂਚ ਸਕਦਾ ਹੈ।
copy-download = ਮੇਰੀ ਜਾਣਕਾਰੀ ਡਾਊਨਲੋਡ ਕਰੋ
copy-receipts = ਰਸੀਦਾਂ

## Erasure

erasure-title = ਮੇਰੀ ਜਾਣਕਾਰੀ ਮਿਟਾਉਣਾ
erasure-intro = ਤੁਹਾਡੀਆਂ ਸਹਿਮਤੀਆਂ ਖ਼ਤਮ ਹੋ ਜਾਣਗੀਆਂ, ਅਤੇ { $organisation } ਦੇ ਰਿਕਾਰਡਾਂ ਵਿੱਚੋਂ ਤੁਹਾਡਾ ਨਾਮ ਹਟਾ ਦਿੱਤਾ ਜਾਵੇਗਾ। ਇਸ ਨੂੰ ਮੁੜ ਪਹਿਲਾਂ ਵਰਗਾ ਨਹੀਂ ਕੀਤਾ ਜਾ ਸਕਦਾ।
erasure-kept = ਕਾਨੂੰਨ ਮੁਤਾਬਕ ਜ਼ਰੂਰੀ ਹੋਣ ਕਰਕੇ ਕੁਝ ਹਿੱਸਾ ਰੱਖਿਆ ਜਾਂਦਾ ਹੈ: ਸਿਰਫ਼ ਇਹ ਕਿ ਰਿਕਾਰਡ ਸਨ, ਤੁਹਾਡੇ ਨਾਮ ਤੋਂ ਬਿਨਾਂ।
erasure-confirm = ਮੇਰੀ ਜਾਣਕਾਰੀ ਮਿਟਾ ਦਿੱਤੀ ਜਾਵੇ
erasure-unconfirmed = ਕਿਰਪਾ ਕਰਕੇ ਪਹਿਲਾਂ ਡੱਬੇ ਵਿੱਚ ਸਹੀ ਦਾ ਨਿਸ਼ਾਨ ਲਾਓ।
erasure-send = ਮੇਰੀ ਜਾਣਕਾਰੀ ਹੁਣੇ ਮਿਟਾਓ
erased-title = ਤੁਹਾਡੀ ਜਾਣਕਾਰੀ ਮਿਟਾ ਦਿੱਤੀ ਗਈ ਹੈ
erased-number = ਤੁਹਾਡੀ ਬੇਨਤੀ ਦਾ ਨੰਬਰ: { $number }। ਇਸ ਨੂੰ ਸਾਂਭ ਕੇ ਰੱਖੋ; ਇਸ ਨੰਬਰ ਤੋਂ ਬਿਨਾਂ ਹੁਣ ਤੁਹਾਡੀ ਬੇਨਤੀ ਨਹੀਂ ਲੱਭੀ ਜਾ ਸਕਦੀ।
erased-in-progress = ਤੁਹਾਡੀ ਜਾਣਕਾਰੀ ਦਾ ਇੱਕ ਹਿੱਸਾ ਮਿਟਾ ਦਿੱਤਾ ਗਿਆ ਹੈ। ਬਾਕੀ ਮਿਟਾਉਣ ਲਈ ਬਟਨ ਦਬਾਓ।

## The link

open-title = { $organisation } ਕੋਲ ਤੁਹਾਡਾ ਪੰਨਾ
open-intro = ਆਪਣਾ ਪੰਨਾ ਖੋਲ੍ਹਣ ਲਈ ਬਟਨ ਦਬਾਓ। ਇਹ ਸਿਰਫ਼ ਇੱਕ ਵਾਰ ਚੱਲਦਾ ਹੈ।
open-button = ਮੇਰਾ ਪੰਨਾ ਖੋਲ੍ਹੋ

## Errors

error-title = ਇਹ ਨਹੀਂ ਹੋ ਸਕਿਆ
error-link = ਇਹ ਲਿੰਕ ਹੁਣ ਨਹੀਂ ਚੱਲਦਾ। ਇਹ ਪਹਿਲਾਂ ਵਰਤਿਆ ਜਾ ਚੁੱਕਾ ਹੈ, ਜਾਂ ਇਸ ਦਾ ਸਮਾਂ ਖ਼ਤਮ ਹੋ ਗਿਆ ਹੈ। ਨਵਾਂ ਲਿੰਕ ਮੰਗੋ।
error-session = ਇਹ ਪੰਨਾ ਦੇਖਣ ਦਾ ਤੁਹਾਡਾ ਸਮਾਂ ਖ਼ਤਮ ਹੋ ਗਿਆ ਹੈ। ਨਵਾਂ ਲਿੰਕ ਮੰਗੋ।
error-form = ਇਹ ਫ਼ਾਰਮ ਬਹੁਤ ਪੁਰਾਣਾ ਹੈ, ਜਾਂ ਕਿਸੇ ਹੋਰ ਪੰਨੇ ਤੋਂ ਆਇਆ ਹੈ। ਕੁਝ ਨਹੀਂ ਬਦਲਿਆ। ਕਿਰਪਾ ਕਰਕੇ ਦੁਬਾਰਾ ਕੋਸ਼ਿਸ਼ ਕਰੋ।
error-not-found = ਇਹ ਪੰਨਾ ਨਹੀਂ ਹੈ।
error-not-allowed = ਇਹ ਇੱਥੇ ਨਹੀਂ ਹੋ ਸਕਦਾ। { $organisation } ਨੂੰ ਪੁੱਛੋ।
error-conflict = ਇਸ ਦੌਰਾਨ ਇਹ ਬਦਲ ਗਿਆ ਹੈ। ਕਿਰਪਾ ਕਰਕੇ ਆਪਣਾ ਪੰਨਾ ਦੁਬਾਰਾ ਦੇਖੋ।
error-too-large = ਤੁਹਾਡਾ ਭੇਜਿਆ ਹੋਇਆ ਬਹੁਤ ਲੰਮਾ ਹੈ।
error-unavailable = ਸੇਵਾ ਇਸ ਵੇਲੇ ਨਹੀਂ ਮਿਲ ਰਹੀ। ਕਿਰਪਾ ਕਰਕੇ ਇੱਕ ਮਿੰਟ ਬਾਅਦ ਦੁਬਾਰਾ ਕੋਸ਼ਿਸ਼ ਕਰੋ।
error-internal = ਕੁਝ ਗ਼ਲਤ ਹੋ ਗਿਆ। ਇਸ ਨੂੰ ਨੋਟ ਕਰ ਲਿਆ ਗਿਆ ਹੈ।
error-number = ਇਸ ਗ਼ਲਤੀ ਦਾ ਨੰਬਰ: { $number }
error-back = ਮੇਰੇ ਪੰਨੇ ਉੱਤੇ ਵਾਪਸ ਜਾਓ
