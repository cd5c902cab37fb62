### മലയാളം (ml). Translated from English; no native speaker has reviewed it.

## The frame of every page

language-name = മലയാളം
page-name = { $organisation } എന്ന സ്ഥാപനത്തിൽ നിങ്ങളുടെ സമ്മതങ്ങൾ
navigation = പേജുകൾ
nav-home = എന്റെ സമ്മതങ്ങൾ
nav-history = ഇതുവരെ നടന്നത്
nav-told = ആരെയൊക്കെ അറിയിച്ചു
nav-grievances = പരാതികൾ
nav-copy = എന്റെ വിവരങ്ങൾ
nav-erasure = എന്റെ വിവരങ്ങൾ മായ്ക്കാൻ
languages = ഭാഷകൾ
unreviewed = മലയാളം മാതൃഭാഷയായ ആരും ഈ പരിഭാഷ ഇതുവരെ പരിശോധിച്ചിട്ടില്ല.
date = { $year } { $month } { $day }
month-1 = ജനുവരി
month-2 = ഫെബ്രുവരി
month-3 = മാർച്ച്
month-4 = ഏപ്രിൽ
month-5 = മേയ്
month-6 = ജൂൺ
month-7 = ജൂലൈ
month-8 = ഓഗസ്റ്റ്
month-9 = സെപ്റ്റംബർ
month-10 = ഒക്ടോബർ
month-11 = നവംബർ
month-12 = ഡിസംബർ

## What the person agreed to

home-title = നിങ്ങൾ സമ്മതിച്ച കാര്യങ്ങൾ
home-intro = നിങ്ങൾക്ക് എപ്പോൾ വേണമെങ്കിലും സമ്മതം പിൻവലിക്കാം. സമ്മതിക്കുന്നതുപോലെതന്നെ എളുപ്പമാണ് പിൻവലിക്കുന്നതും.
home-empty = { $organisation } എന്ന സ്ഥാപനത്തിന്റെ പക്കൽ നിങ്ങളുടെ സമ്മതമൊന്നും ഇല്ല.
home-shortened = ഏറ്റവും പുതിയ { $count } രേഖകൾ മാത്രമാണ് കാണിക്കുന്നത്.
state-granted = { $date }-ന് നിങ്ങൾ സമ്മതിച്ചു.
state-until = നിങ്ങളുടെ സമ്മതം { $date }-ന് അവസാനിക്കും.
state-denied = { $date }-ന് നിങ്ങൾ നിരസിച്ചു.
state-withdrawn = { $date }-ന് നിങ്ങൾ സമ്മതം പിൻവലിച്ചു.
state-expired = നിങ്ങളുടെ സമ്മതം { $date }-ന് അവസാനിച്ചു.
state-renewed = { $date }-ന് നിങ്ങൾ ഇതിന് വീണ്ടും മറുപടി നൽകി.
withdraw = പിൻവലിക്കുക
withdraw-purpose = പിൻവലിക്കുക: { $purpose }
withdraw-all = എല്ലാം പിൻവലിക്കുക
read-notice = നിങ്ങളെ കാണിച്ച അറിയിപ്പ് വായിക്കുക
receipt = രസീത്
done-withdrawn = നിങ്ങളുടെ സമ്മതം പിൻവലിച്ചു. ഈ ആവശ്യത്തിന് നിങ്ങളുടെ വിവരങ്ങൾ ഉപയോഗിക്കുന്നത് { $organisation } എന്ന സ്ഥാപനം നിർത്തണം.
done-withdrawn-before = ഇത് നേരത്തേതന്നെ പിൻവലിച്ചതാണ്.
done-in-progress = ഇതിന്റെ ഒരു ഭാഗം പിൻവലിച്ചു. ബാക്കി പിൻവലിക്കാൻ ബട്ടൺ ഒരിക്കൽക്കൂടി അമർത്തുക.

## A notice

notice-title = അറിയിപ്പ്
notice-other-language = ഈ അറിയിപ്പ് { $language } ഭാഷയിൽ ലഭ്യമല്ല. ഇത് { $shown } ഭാഷയിലാണ് കാണിക്കുന്നത്.
notice-data = ഉപയോഗിക്കുന്ന വ്യക്തിഗത വിവരങ്ങൾ
notice-purposes = എന്തിനാണ് ഉപയോഗിക്കുന്നത്
notice-services = ഇതുകൊണ്ട് ലഭിക്കുന്ന സേവനങ്ങൾ: { $services }
notice-necessary = സേവനത്തിന് ആവശ്യമാണ്
notice-officer = നിങ്ങളുടെ ചോദ്യങ്ങൾക്കും പരാതികൾക്കും മറുപടി നൽകുന്നയാൾ
notice-withdraw-link = സമ്മതം എങ്ങനെ പിൻവലിക്കാം
notice-rights-link = നിങ്ങളുടെ അവകാശങ്ങൾ
notice-complaint-link = ഡാറ്റാ സംരക്ഷണ ബോർഡിന് എങ്ങനെ പരാതി നൽകാം

## The question of an organisation

question-title = { $organisation } എന്ന സ്ഥാപനം നിങ്ങളുടെ സമ്മതം ചോദിക്കുന്നു
question-intro = ഓരോ ആവശ്യത്തിനും ഒരു മറുപടി തിരഞ്ഞെടുക്കുക. നിങ്ങൾക്കുവേണ്ടി ഒന്നും മുൻകൂട്ടി തിരഞ്ഞെടുത്തിട്ടില്ല. നിങ്ങൾക്ക് നിരസിക്കാം; സമ്മതം പിന്നീട് പിൻവലിക്കുകയും ചെയ്യാം.
question-agree = ഞാൻ സമ്മതിക്കുന്നു
question-refuse = ഞാൻ നിരസിക്കുന്നു
question-send = എന്റെ മറുപടികൾ സൂക്ഷിക്കുക
question-unanswered = ദയവായി ഓരോ ആവശ്യത്തിനും മറുപടി നൽകുക. ഇവയ്ക്ക് ഇനിയും മറുപടി നൽകിയിട്ടില്ല:
question-until = നിങ്ങൾ സമ്മതിച്ചാൽ, നിങ്ങളുടെ സമ്മതം { $date }-ന് അവസാനിക്കും; അതിനുമുമ്പ് പിൻവലിച്ചാൽ അപ്പോൾത്തന്നെ അവസാനിക്കും.
answered-title = നിങ്ങളുടെ മറുപടികൾ സൂക്ഷിച്ചു
answered-agreed = നിങ്ങൾ സമ്മതിച്ചവ
answered-refused = നിങ്ങൾ നിരസിച്ചവ
answered-before = ഈ ചോദ്യങ്ങൾക്ക് നേരത്തേതന്നെ മറുപടി നൽകിയതാണ്.
answered-receipt = രസീത് ഡൗൺലോഡ് ചെയ്യുക
answered-return = { $organisation } സൈറ്റിലേക്ക് മടങ്ങുക

## History

history-title = ഇതുവരെ നടന്നത്
history-empty = ഒന്നും രേഖപ്പെടുത്തിയിട്ടില്ല.
history-given = നിങ്ങളോട് ചോദിച്ചു; നിങ്ങളുടെ മറുപടികൾ രേഖപ്പെടുത്തി.
history-withdrawn = നിങ്ങളുടെ സമ്മതം പിൻവലിച്ചു.
history-part-withdrawn = നിങ്ങളുടെ സമ്മതത്തിന്റെ ഒരു ഭാഗം പിൻവലിച്ചു.
history-renewed = നിങ്ങളുടെ സമ്മതത്തിനു പകരം പുതിയ മറുപടി രേഖപ്പെടുത്തി.
history-erased = നിങ്ങളുടെ വിവരങ്ങൾ മായ്ച്ചു.
history-other = നിങ്ങളുടെ സമ്മതത്തിൽ മാറ്റം വരുത്തി.
history-here = നിങ്ങൾ ഈ പേജിലാണ് ഇത് ചെയ്തത്.
history-by-organisation = { $organisation } എന്ന സ്ഥാപനം രേഖപ്പെടുത്തിയത്.
history-verified = ഈ സംഭവങ്ങളുടെ രേഖ പൂർണ്ണമാണ്; അതിൽ മാറ്റം വരുത്തിയിട്ടില്ല.
history-not-verified = ഈ സംഭവങ്ങളുടെ രേഖയ്ക്ക് കേടുപറ്റിയിട്ടുണ്ട്. ദയവായി { $organisation } എന്ന സ്ഥാപനത്തിന് പരാതി നൽകുക.
older = പഴയവ

## Who was told to stop

told-title = ഉപയോഗം നിർത്താൻ ആരെയൊക്കെ അറിയിച്ചു
told-intro = നിങ്ങൾ സമ്മതം പിൻവലിക്കുമ്പോൾ, നിങ്ങളുടെ വിവരങ്ങൾ ലഭിക്കുന്നവരുടെ പട്ടികയിലുള്ള എല്ലാവരെയും { $organisation } എന്ന സ്ഥാപനം അക്കാര്യം അറിയിക്കും.
told-empty = ആരെയും അറിയിക്കേണ്ടി വന്നില്ല.
told-not-yet = ഇതുവരെ അറിയിച്ചിട്ടില്ല
told-at = { $date }-ന് അറിയിച്ചു
told-waiting = ഇതുവരെ ഉറപ്പ് നൽകിയിട്ടില്ല
told-overdue = { $date }-നകം ഉറപ്പ് നൽകേണ്ടതായിരുന്നു
told-confirmed = { $date }-ന് ഉറപ്പ് നൽകി
told-ceased = ഉപയോഗം നിർത്തി
told-erased = നിങ്ങളുടെ വിവരങ്ങൾ മായ്ച്ചു
told-not-held = നിങ്ങളുടെ വിവരങ്ങളൊന്നും ഇവരുടെ പക്കൽ ഇല്ല
told-retained = നിയമപ്രകാരം ആവശ്യമായതിനാൽ നിങ്ങളുടെ വിവരങ്ങൾ സൂക്ഷിക്കുന്നു
told-refused = ഉപയോഗം നിർത്താൻ വിസമ്മതിച്ചു

## Complaints

grievances-title = പരാതികൾ
grievances-intro = നിങ്ങളുടെ വിവരങ്ങൾ ഉപയോഗിക്കുന്ന രീതിയെക്കുറിച്ച് നിങ്ങൾക്ക് പരാതി നൽകാം. { $days } ദിവസത്തിനകം മറുപടി ലഭിക്കും.
grievances-empty = നിങ്ങൾ പരാതിയൊന്നും നൽകിയിട്ടില്ല.
grievance-text = നിങ്ങളുടെ പരാതി
grievance-send = പരാതി അയയ്ക്കുക
grievance-missing = ദയവായി നിങ്ങളുടെ പരാതി എഴുതുക. പരമാവധി { $count } അക്ഷരങ്ങൾ ആകാം.
grievance-sent = നിങ്ങളുടെ പരാതി ലഭിച്ചു. അതിന്റെ നമ്പർ: { $number }.
grievance-sent-before = ഈ പരാതി നേരത്തേതന്നെ ലഭിച്ചതാണ്.
grievance-number = നമ്പർ { $number }
grievance-submitted = ലഭിച്ചു
grievance-in-review = പരിശോധിക്കുന്നു
grievance-resolved = പരിഹരിച്ചു
grievance-rejected = തള്ളി
grievance-erased = മായ്ച്ചു
grievance-made-on = { $date }-ന് നൽകിയത്
grievance-answer-by = { $date }-നകം മറുപടി ലഭിക്കണം
grievance-answer = മറുപടി: { $text }

## A copy of the data

copy-title = എന്റെ വിവരങ്ങളുടെ പകർപ്പ്
copy-intro = നിങ്ങളുടെ എല്ലാ രേഖകളും അവയുടെ തെളിവുകളോടൊപ്പം ഈ ഫയലിലുണ്ട്. ഇത് കമ്പ്യൂട്ടറുകൾക്കുള്ളതാണ്; നിങ്ങൾ വിശ്വസിക്കുന്ന ആർക്കും ഇത് പരിശോധിക്കാം.
copy-download = എന്റെ വിവരങ്ങൾ ഡൗൺലോഡ് ചെയ്യുക
copy-receipts = രസീതുകൾ

## Erasure

erasure-title = എന്റെ വിവരങ്ങൾ മായ്ക്കാൻ
erasure-intro = നിങ്ങളുടെ സമ്മതങ്ങൾ അവസാനിക്കും; { $organisation } എന്ന സ്ഥാപനം അതിന്റെ രേഖകളിൽനിന്ന് നിങ്ങളുടെ പേര് നീക്കും. ഇത് പഴയപടിയാക്കാൻ കഴിയില്ല.
erasure-kept = നിയമപ്രകാരം ആവശ്യമായതിനാൽ ചിലത് സൂക്ഷിക്കും: രേഖകൾ ഉണ്ടായിരുന്നു എന്ന കാര്യം മാത്രം, നിങ്ങളുടെ പേരില്ലാതെ.
erasure-confirm = എന്റെ വിവരങ്ങൾ മായ്ക്കണമെന്ന് ഞാൻ ആഗ്രഹിക്കുന്നു
erasure-unconfirmed = ദയവായി ആദ്യം കള്ളിയിൽ ശരി അടയാളം ഇടുക.
erasure-send = എന്റെ വിവരങ്ങൾ ഇപ്പോൾത്തന്നെ മായ്ക്കുക
erased-title = നിങ്ങളുടെ വിവരങ്ങൾ മായ്ച്ചു
erased-number = നിങ്ങളുടെ അപേക്ഷയുടെ നമ്പർ: { $number }. ഇത് സൂക്ഷിച്ചുവയ്ക്കുക; ഈ നമ്പർ ഇല്ലാതെ ഇനി അപേക്ഷ കണ്ടെത്താൻ കഴിയില്ല.
erased-in-progress = നിങ്ങളുടെ വിവരങ്ങളുടെ ഒരു ഭാഗം മായ്ച്ചു. ബാക്കി മായ്ക്കാൻ ബട്ടൺ അമർത്തുക.

## The link

open-title = { $organisation } എന്ന സ്ഥാപനത്തിൽ നിങ്ങളുടെ പേജ്
open-intro = നിങ്ങളുടെ പേജ് തുറക്കാൻ ബട്ടൺ അമർത്തുക. ഇത് ഒരു തവണ മാത്രമേ പ്രവർത്തിക്കൂ.
open-button = എന്റെ പേജ് തുറക്കുക

## Errors

error-title = ഇത് നടന്നില്ല
error-link = ഈ ലിങ്ക് ഇനി പ്രവർത്തിക്കില്ല. ഇത് നേരത്തേ ഉപയോഗിച്ചു, അല്ലെങ്കിൽ ഇതിന്റെ സമയം കഴിഞ്ഞു. പുതിയ ലിങ്ക് ചോദിക്കുക.
error-session = നിങ്ങൾക്ക് ഈ പേജ് കാണാനുള്ള സമയം കഴിഞ്ഞു. പുതിയ ലിങ്ക് ചോദിക്കുക.
error-form = ഈ ഫോം വളരെ പഴയതാണ്, അല്ലെങ്കിൽ മറ്റൊരു പേജിൽനിന്ന് വന്നതാണ്. ഒന്നും മാറിയിട്ടില്ല. ദയവായി വീണ്ടും ശ്രമിക്കുക.
error-not-found = ഇങ്ങനെയൊരു പേജ് ഇല്ല.
error-not-allowed = ഇത് ഇവിടെ സാധ്യമല്ല. { $organisation } എന്ന സ്ഥാപനത്തോട് ചോദിക്കുക.
error-conflict = ഇതിനിടെ ഇത് മാറി. ദയവായി നിങ്ങളുടെ പേജ് വീണ്ടും നോക്കുക.
error-too-large = നിങ്ങൾ അയച്ചത് വളരെ നീണ്ടതാണ്.
error-unavailable = ഇപ്പോൾ സേവനം ലഭ്യമല്ല. ദയവായി ഒരു മിനിറ്റിനു ശേഷം വീണ്ടും ശ്രമിക്കുക.
error-internal = എന്തോ തകരാറുണ്ടായി. അത് രേഖപ്പെടുത്തിയിട്ടുണ്ട്.
error-number = ഈ തകരാറിന്റെ നമ്പർ: { $number }
error-back = എന്റെ പേജിലേക്ക് മടങ്ങുക
