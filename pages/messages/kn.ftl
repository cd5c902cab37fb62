### ಕನ್ನಡ (kn). Translated from English; no native speaker has reviewed it.

## The frame of every page

language-name = ಕನ್ನಡ
page-name = { $organisation } ಸಂಸ್ಥೆಯಲ್ಲಿ ನಿಮ್ಮ ಒಪ್ಪಿಗೆಗಳು
navigation = ಪುಟಗಳು
nav-home = ನನ್ನ ಒಪ್ಪಿಗೆಗಳು
nav-history = ಇದುವರೆಗೆ ನಡೆದದ್ದು
nav-told = ಯಾರಿಗೆ ತಿಳಿಸಲಾಗಿದೆ
nav-grievances = ದೂರುಗಳು
nav-copy = ನನ್ನ ಮಾಹಿತಿ
nav-erasure = ನನ್ನ ಮಾಹಿತಿ ಅಳಿಸುವುದು
languages = ಭಾಷೆಗಳು
unreviewed = ಕನ್ನಡ ಮಾತೃಭಾಷೆಯವರು ಯಾರೂ ಈ ಅನುವಾದವನ್ನು ಇನ್ನೂ ಪರಿಶೀಲಿಸಿಲ್ಲ.
date = { $day } { $month } { $year }
month-1 = ಜನವರಿ
month-2 = ಫೆಬ್ರವರಿ
month-3 = ಮಾರ್ಚ್
month-4 = ಏಪ್ರಿಲ್
month-5 = ಮೇ
month-6 = ಜೂನ್
month-7 = ಜುಲೈ
month-8 = ಆಗಸ್ಟ್
month-9 = ಸೆಪ್ಟೆಂಬರ್
month-10 = ಅಕ್ಟೋಬರ್
month-11 = ನವೆಂಬರ್
month-12 = ಡಿಸೆಂಬರ್

## What the person agreed to

home-title = ನೀವು ಒಪ್ಪಿದ್ದು
home-intro = ನಿಮ್ಮ ಒಪ್ಪಿಗೆಯನ್ನು ಯಾವಾಗ ಬೇಕಾದರೂ ಹಿಂಪಡೆಯಬಹುದು. ಒಪ್ಪುವಷ್ಟೇ ಸುಲಭವಾಗಿ ಹಿಂಪಡೆಯಬಹುದು.
home-empty = { $organisation } ಸಂಸ್ಥೆಯ ಬಳಿ ನಿಮ್ಮ ಯಾವ ಒಪ್ಪಿಗೆಯೂ ಇಲ್ಲ.
home-shortened = ಇತ್ತೀಚಿನ { $count } ದಾಖಲೆಗಳನ್ನು ಮಾತ್ರ ತೋರಿಸಲಾಗಿದೆ.
state-granted = ನೀವು { $date }ರಂದು ಒಪ್ಪಿದ್ದೀರಿ.
state-until = ನಿಮ್ಮ ಒಪ್ಪಿಗೆ { $date }ರಂದು ಮುಗಿಯುತ್ತದೆ.
state-denied = ನೀವು { $date }ರಂದು ನಿರಾಕರಿಸಿದ್ದೀರಿ.
state-withdrawn = ನೀವು { $date }ರಂದು ಒಪ್ಪಿಗೆಯನ್ನು ಹಿಂಪಡೆದಿದ್ದೀರಿ.
state-expired = ನಿಮ್ಮ ಒಪ್ಪಿಗೆ { $date }ರಂದು ಮುಗಿದಿದೆ.
state-renewed = ನೀವು { $date }ರಂದು ಇದಕ್ಕೆ ಮತ್ತೆ ಉತ್ತರಿಸಿದ್ದೀರಿ.
withdraw = ಹಿಂಪಡೆಯಿರಿ
withdraw-purpose = ಹಿಂಪಡೆಯಿರಿ: { $purpose }
withdraw-all = ಎಲ್ಲವನ್ನೂ ಹಿಂಪಡೆಯಿರಿ
read-notice = ನಿಮಗೆ ತೋರಿಸಿದ ಸೂಚನೆಯನ್ನು ಓದಿ
receipt = ರಸೀದಿ
done-withdrawn = ನಿಮ್ಮ ಒಪ್ಪಿಗೆಯನ್ನು ಹಿಂಪಡೆಯಲಾಗಿದೆ. ಇದಕ್ಕಾಗಿ ನಿಮ್ಮ ಮಾಹಿತಿ ಬಳಸುವುದನ್ನು { $organisation } ಸಂಸ್ಥೆ ನಿಲ್ಲಿಸಬೇಕು.
done-withdrawn-before = ಇದನ್ನು ಈಗಾಗಲೇ ಹಿಂಪಡೆಯಲಾಗಿದೆ.
done-in-progress = ಇದರ ಒಂದು ಭಾಗವನ್ನು ಹಿಂಪಡೆಯಲಾಗಿದೆ. ಉಳಿದದ್ದನ್ನು ಹಿಂಪಡೆಯಲು ಗುಂಡಿಯನ್ನು ಇನ್ನೊಮ್ಮೆ ಒತ್ತಿ.

## A notice

notice-title = ಸೂಚನೆ
notice-other-language = ಈ ಸೂಚನೆ { $language } ಭಾಷೆಯಲ್ಲಿ ಇಲ್ಲ. ಇದನ್ನು { $shown } ಭಾಷೆಯಲ್ಲಿ ತೋರಿಸಲಾಗಿದೆ.
notice-data = ಬಳಸುವ ವೈಯಕ್ತಿಕ ಮಾಹಿತಿ
notice-purposes = ಯಾವುದಕ್ಕಾಗಿ ಬಳಸಲಾಗುತ್ತದೆ
notice-services = ಇದರಿಂದ ಸಿಗುವ ಸೇವೆಗಳು: { $services }
notice-necessary = ಸೇವೆಗೆ ಅಗತ್ಯ
notice-officer = ನಿಮ್ಮ ಪ್ರಶ್ನೆ ಮತ್ತು ದೂರುಗಳಿಗೆ ಉತ್ತರಿಸುವವರು
notice-withdraw-link = ಒಪ್ಪಿಗೆಯನ್ನು ಹಿಂಪಡೆಯುವುದು ಹೇಗೆ
notice-rights-link = ನಿಮ್ಮ ಹಕ್ಕುಗಳು
notice-complaint-link = ದತ್ತಾಂಶ ಸಂರಕ್ಷಣಾ ಮಂಡಳಿಗೆ ದೂರು ನೀಡುವುದು ಹೇಗೆ

## The question of an organisation

question-title = { $organisation } ಸಂಸ್ಥೆ ನಿಮ್ಮ ಒಪ್ಪಿಗೆ ಕೇಳುತ್ತಿದೆ
question-intro = ಪ್ರತಿಯೊಂದು ಉದ್ದೇಶಕ್ಕೂ ಒಂದು ಉತ್ತರವನ್ನು ಆರಿಸಿ. ನಿಮ್ಮ ಪರವಾಗಿ ಮೊದಲೇ ಏನನ್ನೂ ಆರಿಸಿಲ್ಲ. ನೀವು ನಿರಾಕರಿಸಬಹುದು, ನಂತರ ಒಪ್ಪಿಗೆಯನ್ನು ಹಿಂಪಡೆಯಲೂಬಹುದು.
question-agree = ನಾನು ಒಪ್ಪುತ್ತೇನೆ
question-refuse = ನಾನು ನಿರಾಕರಿಸುತ್ತೇನೆ
question-send = ನನ್ನ ಉತ್ತರಗಳನ್ನು ಉಳಿಸಿ
question-unanswered = ದಯವಿಟ್ಟು ಪ್ರತಿಯೊಂದು ಉದ್ದೇಶಕ್ಕೂ ಉತ್ತರಿಸಿ. ಇವುಗಳಿಗೆ ಇನ್ನೂ ಉತ್ತರವಿಲ್ಲ:
question-until = ನೀವು ಒಪ್ಪಿದರೆ, ನಿಮ್ಮ ಒಪ್ಪಿಗೆ { $date }ರಂದು ಮುಗಿಯುತ್ತದೆ; ಅದಕ್ಕೂ ಮೊದಲೇ ಹಿಂಪಡೆದರೆ ಆಗಲೇ ಮುಗಿಯುತ್ತದೆ.
answered-title = ನಿಮ್ಮ ಉತ್ತರಗಳನ್ನು ಉಳಿಸಲಾಗಿದೆ
answered-agreed = ನೀವು ಒಪ್ಪಿದ್ದು
answered-refused = ನೀವು ನಿರಾಕರಿಸಿದ್ದು
answered-before = ಈ ಪ್ರಶ್ನೆಗಳಿಗೆ ಈಗಾಗಲೇ ಉತ್ತರ ನೀಡಲಾಗಿದೆ.
answered-receipt = ರಸೀದಿಯನ್ನು ಡೌನ್‌ಲೋಡ್ ಮಾಡಿ
answered-return = { $organisation } ತಾಣಕ್ಕೆ ಹಿಂತಿರುಗಿ

## History

history-title = ಇದುವರೆಗೆ ನಡೆದದ್ದು
history-empty = ಏನೂ ದಾಖಲಾಗಿಲ್ಲ.
history-given = ನಿಮ್ಮನ್ನು ಕೇಳಲಾಯಿತು, ನಿಮ್ಮ ಉತ್ತರಗಳನ್ನು ದಾಖಲಿಸಲಾಯಿತು.
history-withdrawn = ನಿಮ್ಮ ಒಪ್ಪಿಗೆಯನ್ನು ಹಿಂಪಡೆಯಲಾಯಿತು.
history-part-withdrawn = ನಿಮ್ಮ ಒಪ್ಪಿಗೆಯ ಒಂದು ಭಾಗವನ್ನು ಹಿಂಪಡೆಯಲಾಯಿತು.
history-renewed = ನಿಮ್ಮ ಒಪ್ಪಿಗೆಯ ಬದಲಿಗೆ ಹೊಸ ಉತ್ತರ ದಾಖಲಾಯಿತು.
history-erased = ನಿಮ್ಮ ಮಾಹಿತಿಯನ್ನು ಅಳಿಸಲಾಯಿತು.
history-other = ನಿಮ್ಮ ಒಪ್ಪಿಗೆಯನ್ನು ಬದಲಾಯಿಸಲಾಯಿತು.
history-here = ನೀವು ಇದನ್ನು ಈ ಪುಟದಲ್ಲಿ ಮಾಡಿದ್ದೀರಿ.
history-by-organisation = ಇದನ್ನು { $organisation } ಸಂಸ್ಥೆ ದಾಖಲಿಸಿದೆ.
history-verified = ಈ ಘಟನೆಗಳ ದಾಖಲೆ ಪೂರ್ಣವಾಗಿದೆ, ಅದನ್ನು ಬದಲಾಯಿಸಿಲ್ಲ.
history-not-verified = ಈ ಘಟನೆಗಳ ದಾಖಲೆ ಹಾಳಾಗಿದೆ. ದಯವಿಟ್ಟು { $organisation } ಸಂಸ್ಥೆಗೆ ದೂರು ನೀಡಿ.
older = ಹಳೆಯವು

## Who was told to stop

told-title = ಬಳಕೆ ನಿಲ್ಲಿಸುವಂತೆ ಯಾರಿಗೆ ತಿಳಿಸಲಾಗಿದೆ
told-intro = ನೀವು ಒಪ್ಪಿಗೆಯನ್ನು ಹಿಂಪಡೆದಾಗ, ನಿಮ್ಮ ಮಾಹಿತಿ ಪಡೆಯುವವರ ಪಟ್ಟಿಯಲ್ಲಿರುವ ಎಲ್ಲರಿಗೂ { $organisation } ಸಂಸ್ಥೆ ಅದನ್ನು ತಿಳಿಸುತ್ತದೆ.
told-empty = ಯಾರಿಗೂ ತಿಳಿಸುವ ಅಗತ್ಯ ಬಂದಿಲ್ಲ.
told-not-yet = ಇನ್ನೂ ತಿಳಿಸಿಲ್ಲ
told-at = { $date }ರಂದು ತಿಳಿಸಲಾಗಿದೆ
told-waiting = ಇನ್ನೂ ಖಚಿತಪಡಿಸಿಲ್ಲ
told-overdue = { $date }ರ ಒಳಗೆ ಖಚಿತಪಡಿಸಬೇಕಿತ್ತು
told-confirmed = { $date }ರಂದು ಖಚಿತಪಡಿಸಲಾಗಿದೆ
told-ceased = ಬಳಸುವುದನ್ನು ನಿಲ್ಲಿಸಲಾಗಿದೆ
told-erased = ನಿಮ್ಮ ಮಾಹಿತಿಯನ್ನು ಅಳಿಸಲಾಗಿದೆ
told-not-held = ಇವರ ಬಳಿ ನಿಮ್ಮ ಯಾವ ಮಾಹಿತಿಯೂ ಇಲ್ಲ
told-retained = ಕಾನೂನಿನ ಪ್ರಕಾರ ಅಗತ್ಯವಿರುವುದರಿಂದ ನಿಮ್ಮ ಮಾಹಿತಿಯನ್ನು ಇಟ್ಟುಕೊಳ್ಳಲಾಗಿದೆ
told-refused = ಬಳಕೆ ನಿಲ್ಲಿಸಲು ನಿರಾಕರಿಸಿದ್ದಾರೆ

## Complaints

grievances-title = ದೂರುಗಳು
grievances-intro = ನಿಮ್ಮ ಮಾಹಿತಿಯನ್ನು ಬಳಸುತ್ತಿರುವ ರೀತಿಯ ಬಗ್ಗೆ ನೀವು ದೂರು ನೀಡಬಹುದು. { $days } ದಿನಗಳ ಒಳಗೆ ನಿಮಗೆ ಉತ್ತರ ಸಿಗುತ್ತದೆ.
grievances-empty = ನೀವು ಯಾವ ದೂರನ್ನೂ ನೀಡಿಲ್ಲ.
grievance-text = ನಿಮ್ಮ ದೂರು
grievance-send = ದೂರು ಕಳುಹಿಸಿ
grievance-missing = ದಯವಿಟ್ಟು ನಿಮ್ಮ ದೂರನ್ನು ಬರೆಯಿರಿ. ಅದರಲ್ಲಿ ಹೆಚ್ಚೆಂದರೆ { $count } ಅಕ್ಷರಗಳು ಇರಬಹುದು.
grievance-sent = ನಿಮ್ಮ ದೂರು ತಲುಪಿದೆ. ಅದರ ಸಂಖ್ಯೆ: { $number }.
grievance-sent-before = ಈ ದೂರು ಈಗಾಗಲೇ ತಲುಪಿದೆ.
grievance-number = ಸಂಖ್ಯೆ { $number }
grievance-submitted = ತಲುಪಿದೆ
grievance-in-review = ಪರಿಶೀಲಿಸಲಾಗುತ್ತಿದೆ
grievance-resolved = ಪರಿಹರಿಸಲಾಗಿದೆ
grievance-rejected = ತಿರಸ್ಕರಿಸಲಾಗಿದೆ
grievance-erased = ಅಳಿಸಲಾಗಿದೆ
grievance-made-on = { $date }ರಂದು ನೀಡಲಾಗಿದೆ
grievance-answer-by = { $date }ರ ಒಳಗೆ ಉತ್ತರ ಬರಬೇಕು
grievance-answer = ಉತ್ತರ: { $text }

## A copy of the data

copy-title = ನನ್ನ ಮಾಹಿತಿಯ ಪ್ರತಿ
copy-intro = ಈ ಕಡತದಲ್ಲಿ ನಿಮ್ಮ ಎಲ್ಲಾ ದಾಖಲೆಗಳು ಅವುಗಳ ಪುರಾವೆಗಳೊಂದಿಗೆ ಇವೆ. ಇದು ಕಂಪ್ಯೂಟರ್ ಬಳಕೆಗಾಗಿ ಇದೆ; ನೀವು ನಂಬುವ ಯಾರು ಬೇಕಾದರೂ ಇದನ್ನು ಪರಿಶೀಲಿಸಬಹುದು.
copy-download = ನನ್ನ ಮಾಹಿತಿಯನ್ನು ಡೌನ್‌ಲೋಡ್ ಮಾಡಿ
copy-receipts = ರಸೀದಿಗಳು

## Erasure

erasure-title = ನನ್ನ ಮಾಹಿತಿ ಅಳಿಸುವುದು
erasure-intro = ನಿಮ್ಮ ಒಪ್ಪಿಗೆಗಳು ಮುಗಿಯುತ್ತವೆ ಮತ್ತು { $organisation } ಸಂಸ್ಥೆ ತನ್ನ ದಾಖಲೆಗಳಿಂದ ನಿಮ್ಮ ಹೆಸರನ್ನು ತೆಗೆದುಹಾಕುತ್ತದೆ. ಇದನ್ನು ಮತ್ತೆ ಮೊದಲಿನಂತೆ ಮಾಡಲು ಆಗುವುದಿಲ್ಲ.
erasure-kept = ಕಾನೂನಿನ ಪ್ರಕಾರ ಅಗತ್ಯವಿರುವುದರಿಂದ ಸ್ವಲ್ಪ ಭಾಗವನ್ನು ಇಟ್ಟುಕೊಳ್ಳಲಾಗುತ್ತದೆ: ದಾಖಲೆಗಳು ಇದ್ದವು ಎಂಬ ವಿಷಯ ಮಾತ್ರ, ನಿಮ್ಮ ಹೆಸರಿಲ್ಲದೆ.
erasure-confirm = ನನ್ನ ಮಾಹಿತಿಯನ್ನು ಅಳಿಸಬೇಕೆಂದು ನಾನು ಬಯಸುತ್ತೇನೆ
erasure-unconfirmed = ದಯವಿಟ್ಟು ಮೊದಲು ಚೌಕದಲ್ಲಿ ಗುರುತು ಹಾಕಿ.
erasure-send = ನನ್ನ ಮಾಹಿತಿಯನ್ನು ಈಗಲೇ ಅಳಿಸಿ
erased-title = ನಿಮ್ಮ ಮಾಹಿತಿಯನ್ನು ಅಳಿಸಲಾಗಿದೆ
erased-number = ನಿಮ್ಮ ಕೋರಿಕೆಯ ಸಂಖ್ಯೆ: { $number }. ಇದನ್ನು ಜೋಪಾನವಾಗಿ ಇಟ್ಟುಕೊಳ್ಳಿ; ಈ ಸಂಖ್ಯೆ ಇಲ್ಲದೆ ಇನ್ನು ಮುಂದೆ ನಿಮ್ಮ ಕೋರಿಕೆಯನ್ನು ಹುಡುಕಲು ಆಗುವುದಿಲ್ಲ.
erased-in-progress = ನಿಮ್ಮ ಮಾಹಿತಿಯ ಒಂದು ಭಾಗವನ್ನು ಅಳಿಸಲಾಗಿದೆ. ಉಳಿದದ್ದನ್ನು ಅಳಿಸಲು ಗುಂಡಿ ಒತ್ತಿ.

## The link

open-title = { $organisation } ಸಂಸ್ಥೆಯಲ್ಲಿ ನಿಮ್ಮ ಪುಟ
open-intro = ನಿಮ್ಮ ಪುಟವನ್ನು ತೆರೆಯಲು ಗುಂಡಿ ಒತ್ತಿ. ಇದು ಒಂದು ಸಲ ಮಾತ್ರ ಕೆಲಸ ಮಾಡುತ್ತದೆ.
open-button = ನನ್ನ ಪುಟವನ್ನು ತೆರೆಯಿರಿ

## Errors

error-title = ಇದು ಆಗಲಿಲ್ಲ
error-link = ಈ ಲಿಂಕ್ ಇನ್ನು ಕೆಲಸ ಮಾಡುವುದಿಲ್ಲ. ಇದನ್ನು ಮೊದಲೇ ಬಳಸಲಾಗಿದೆ ಅಥವಾ ಇದರ ಅವಧಿ ಮುಗಿದಿದೆ. ಹೊಸ ಲಿಂಕ್ ಕೇಳಿ.
error-session = ನೀವು ಈ ಪುಟವನ್ನು ನೋಡುವ ಸಮಯ ಮುಗಿದಿದೆ. ಹೊಸ ಲಿಂಕ್ ಕೇಳಿ.
error-form = ಈ ಫಾರಂ ತುಂಬಾ ಹಳೆಯದು ಅಥವಾ ಬೇರೆ ಪುಟದಿಂದ ಬಂದಿದೆ. ಏನೂ ಬದಲಾಗಿಲ್ಲ. ದಯವಿಟ್ಟು ಮತ್ತೆ ಪ್ರಯತ್ನಿಸಿ.
error-not-found = ಈ ಪುಟ ಇಲ್ಲ.
error-not-allowed = ಇದು ಇಲ್ಲಿ ಸಾಧ್ಯವಿಲ್ಲ. { $organisation } ಸಂಸ್ಥೆಯನ್ನು ಕೇಳಿ.
error-conflict = ಅಷ್ಟರಲ್ಲಿ ಇದು ಬದಲಾಗಿದೆ. ದಯವಿಟ್ಟು ನಿಮ್ಮ ಪುಟವನ್ನು ಮತ್ತೆ ನೋಡಿ.
error-too-large = ನೀವು ಕಳುಹಿಸಿದ್ದು ತುಂಬಾ ಉದ್ದವಾಗಿದೆ.
error-unavailable = ಸದ್ಯಕ್ಕೆ ಸೇವೆ ಸಿಗುತ್ತಿಲ್ಲ. ದಯವಿಟ್ಟು ಒಂದು ನಿಮಿಷದ ನಂತರ ಮತ್ತೆ ಪ್ರಯತ್ನಿಸಿ.
error-internal = ಏನೋ ತಪ್ಪಾಗಿದೆ. ಅದನ್ನು ದಾಖಲಿಸಿಕೊಳ್ಳಲಾಗಿದೆ.
error-number = ಈ ದೋಷದ ಸಂಖ್ಯೆ: { $number }
error-back = ನನ್ನ ಪುಟಕ್ಕೆ ಹಿಂತಿರುಗಿ
