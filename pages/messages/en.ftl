### English. The source of all other catalogues.

## The frame of every page

language-name = English
page-name = Your consents at { $organisation }
navigation = Pages
nav-home = My consents
nav-history = History
nav-told = Who was told
nav-grievances = Complaints
nav-copy = My data
nav-erasure = Erase my data
languages = Languages
unreviewed = No native speaker has reviewed this translation yet.
date = { $day } { $month } { $year }
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

## What the person agreed to

home-title = What you agreed to
home-intro = You can withdraw at any time. Withdrawing is as easy as agreeing.
home-empty = { $organisation } has no consent of yours.
home-shortened = Only the latest { $count } records are shown.
state-granted = You agreed on { $date }.
state-until = Your consent ends on { $date }.
state-denied = You refused on { $date }.
state-withdrawn = You withdrew on { $date }.
state-expired = Your consent ended on { $date }.
state-renewed = You answered this again on { $date }.
withdraw = Withdraw
withdraw-purpose = Withdraw: { $purpose }
withdraw-all = Withdraw everything
read-notice = Read the notice that you were shown
receipt = Receipt
done-withdrawn = Your consent is withdrawn. { $organisation } must stop using your data for this.
done-withdrawn-before = This was withdrawn already.
done-in-progress = A part of it is withdrawn. Press the button once more to withdraw the rest.

## A notice

notice-title = Notice
notice-other-language = This notice is not available in { $language }. You see it in { $shown }.
notice-data = Personal data that is used
notice-purposes = What it is used for
notice-services = What this enables: { $services }
notice-necessary = Needed for the service
notice-officer = Who answers your questions and complaints
notice-withdraw-link = How to withdraw
notice-rights-link = Your rights
notice-complaint-link = How to complain to the Data Protection Board

## The question of an organisation

question-title = { $organisation } asks for your consent
question-intro = Choose an answer for each purpose. Nothing is chosen for you. You may refuse, and you can withdraw later.
question-agree = I agree
question-refuse = I refuse
question-send = Save my answers
question-unanswered = Please answer every purpose. These have no answer yet:
question-until = If you agree, your consent ends on { $date }, unless you withdraw earlier.
answered-title = Your answers are saved
answered-agreed = You agreed
answered-refused = You refused
answered-before = These questions were answered already.
answered-receipt = Download the receipt
answered-return = Back to { $organisation }

## History

history-title = History
history-empty = Nothing is recorded.
history-given = You were asked, and your answers were recorded.
history-withdrawn = Your consent was withdrawn.
history-part-withdrawn = A part of your consent was withdrawn.
history-renewed = Your consent was replaced by a newer answer.
history-erased = Your data was erased.
history-other = Your consent was changed.
history-here = You did this on this page.
history-by-organisation = Recorded by { $organisation }.
history-verified = The record of these events is complete and unaltered.
history-not-verified = The record of these events is damaged. Please complain to { $organisation }.
older = Older

## Who was told to stop

told-title = Who was told to stop
told-intro = When you withdraw, { $organisation } tells everybody on its list of recipients of your data.
told-empty = Nobody had to be told.
told-not-yet = Not told yet
told-at = Told on { $date }
told-waiting = Has not confirmed yet
told-overdue = Should have confirmed by { $date }
told-confirmed = Confirmed on { $date }
told-ceased = Has stopped
told-erased = Has erased your data
told-not-held = Holds no data of yours
told-retained = Keeps your data because a law demands it
told-refused = Refused to stop

## Complaints

grievances-title = Complaints
grievances-intro = You can complain about how your data is used. You get an answer within { $days } days.
grievances-empty = You have made no complaint.
grievance-text = Your complaint
grievance-send = Send the complaint
grievance-missing = Please write your complaint. It may be at most { $count } characters long.
grievance-sent = Your complaint was received. Its number is { $number }.
grievance-sent-before = This complaint was received already.
grievance-number = Number { $number }
grievance-submitted = Received
grievance-in-review = Being examined
grievance-resolved = Resolved
grievance-rejected = Rejected
grievance-erased = Erased
grievance-made-on = Made on { $date }
grievance-answer-by = Answer due by { $date }
grievance-answer = Answer: { $text }

## A copy of the data

copy-title = A copy of my data
copy-intro = The file holds every record of yours with its proof. It is meant for computers; anybody you trust can check it.
copy-download = Download my data
copy-receipts = Receipts

## Erasure

erasure-title = Erase my data
erasure-intro = Your consents end, and { $organisation } removes your name from its records. This cannot be undone.
erasure-kept = Some of it is kept because the law demands it: that records existed, without your name.
erasure-confirm = I want my data to be erased
erasure-unconfirmed = Please tick the box first.
erasure-send = Erase my data now
erased-title = Your data is erased
erased-number = The number of your request is { $number }. Keep it: nothing else leads to it now.
erased-in-progress = A part of your data is erased. Press the button to erase the rest.

## The link

open-title = Your page at { $organisation }
open-intro = Press the button to open your page. This works once.
open-button = Open my page

## Errors

error-title = This did not work
error-link = This link does not work any more. It was used before, or its time is over. Ask for a new link.
error-session = Your visit has ended. Ask for a new link.
error-form = This form is too old, or comes from another page. Nothing was changed. Please try again.
error-not-found = This page does not exist.
error-not-allowed = This is not possible here. Ask { $organisation }.
error-conflict = This has changed in the meantime. Please look at your page again.
error-too-large = What you sent is too long.
error-unavailable = The service cannot be reached at the moment. Please try again in a minute.
error-internal = Something went wrong. It has been noted.
error-number = Number of this error: { $number }
error-back = Back to my page
