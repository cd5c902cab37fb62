### ગુજરાતી (gu). Translated from English; no native speaker has reviewed it.

## The frame of every page

language-name = ગુજરાતી
page-name = { $organisation } સંસ્થામાં તમારી સંમતિઓ
navigation = પાનાં
nav-home = મારી સંમતિઓ
nav-history = અત્યાર સુધી શું થયું
nav-told = કોને જાણ કરવામાં આવી
nav-grievances = ફરિયાદો
nav-copy = મારી માહિતી
nav-erasure = મારી માહિતી ભૂંસવી
languages = ભાષાઓ
unreviewed = ગુજરાતી માતૃભાષા હોય એવી કોઈ વ્યક્તિએ હજી આ અનુવાદ તપાસ્યો નથી.
date = { $day } { $month }, { $year }
month-1 = જાન્યુઆરી
month-2 = ફેબ્રુઆરી
month-3 = માર્ચ
month-4 = એપ્રિલ
month-5 = મે
month-6 = જૂન
month-7 = જુલાઈ
month-8 = ઑગસ્ટ
month-9 = સપ્ટેમ્બર
month-10 = ઑક્ટોબર
month-11 = નવેમ્બર
month-12 = ડિસેમ્બર

## What the person agreed to

home-title = તમે શેની સંમતિ આપી છે
home-intro = તમે ગમે ત્યારે સંમતિ પાછી ખેંચી શકો છો. સંમતિ આપવી જેટલી સહેલી છે, એટલી જ સહેલી પાછી ખેંચવી છે.
home-empty = { $organisation } સંસ્થા પાસે તમારી કોઈ સંમતિ નથી.
home-shortened = છેલ્લી { $count } નોંધો જ બતાવી છે.
state-granted = તમે { $date }ના રોજ સંમતિ આપી.
state-until = તમારી સંમતિ { $date }ના રોજ પૂરી થાય છે.
state-denied = તમે { $date }ના રોજ ના પાડી.
state-withdrawn = તમે { $date }ના રોજ સંમતિ પાછી ખેંચી.
state-expired = તમારી સંમતિ { $date }ના રોજ પૂરી થઈ.
state-renewed = તમે { $date }ના રોજ આનો ફરી જવાબ આપ્યો.
withdraw = પાછી ખેંચો
withdraw-purpose = પાછી ખેંચો: { $purpose }
withdraw-all = બધી સંમતિ પાછી ખેંચો
read-notice = તમને બતાવેલી નોટિસ વાંચો
receipt = રસીદ
done-withdrawn = તમારી સંમતિ પાછી ખેંચાઈ ગઈ છે. { $organisation } સંસ્થાએ આ માટે તમારી માહિતી વાપરવાનું બંધ કરવું પડશે.
done-withdrawn-before = આ સંમતિ પહેલેથી પાછી ખેંચાયેલી છે.
done-in-progress = તેનો એક ભાગ પાછો ખેંચાયો છે. બાકીનું પાછું ખેંચવા બટન ફરી એક વાર દબાવો.

## A notice

notice-title = નોટિસ
notice-other-language = આ નોટિસ { $language } ભાષામાં નથી. તે તમને { $shown } ભાષામાં બતાવી છે.
notice-data = વપરાતી અંગત માહિતી
notice-purposes = તે શા માટે વપરાય છે
notice-services = આનાથી મળતી સેવાઓ: { $services }
notice-necessary = સેવા માટે જરૂરી
notice-officer = તમારા સવાલો અને ફરિયાદોના જવાબ આપનાર
notice-withdraw-link = સંમતિ કેવી રીતે પાછી ખેંચવી
notice-rights-link = તમારા અધિકારો
notice-complaint-link = ડેટા સંરક્ષણ બોર્ડને કેવી રીતે ફરિયાદ કરવી

## The question of an organisation

question-title = { $organisation } સંસ્થા તમારી સંમતિ માગે છે
question-intro = દરેક હેતુ માટે એક જવાબ પસંદ કરો. તમારા વતી કંઈ પણ પહેલેથી પસંદ કરેલું નથી. તમે ના પાડી શકો છો, અને સંમતિ પછીથી પાછી પણ ખેંચી શકો છો.
question-agree = હું સંમતિ આપું છું
question-refuse = હું ના પાડું છું
question-send = મારા જવાબ સાચવો
question-unanswered = કૃપા કરીને દરેક હેતુ માટે જવાબ આપો. આના જવાબ હજી બાકી છે:
question-until = તમે સંમતિ આપો તો તે { $date }ના રોજ પૂરી થશે; તે પહેલાં પાછી ખેંચો તો ત્યારે જ પૂરી થશે.
answered-title = તમારા જવાબ સચવાઈ ગયા છે
answered-agreed = તમે સંમતિ આપી
answered-refused = તમે ના પાડી
answered-before = આ સવાલોના જવાબ પહેલેથી અપાઈ ગયા છે.
answered-receipt = રસીદ ડાઉનલોડ કરો
answered-return = { $organisation } પર પાછા જાઓ

## History

history-title = અત્યાર સુધી શું થયું
history-empty = કંઈ નોંધાયેલું નથી.
history-given = તમને પૂછવામાં આવ્યું અને તમારા જવાબ નોંધવામાં આવ્યા.
history-withdrawn = તમારી સંમતિ પાછી ખેંચવામાં આવી.
history-part-withdrawn = તમારી સંમતિનો એક ભાગ પાછો ખેંચવામાં આવ્યો.
history-renewed = તમારી સંમતિની જગ્યાએ નવો જવાબ નોંધવામાં આવ્યો.
history-erased = તમારી માહિતી ભૂંસી નાખવામાં આવી.
history-other = તમારી સંમતિમાં ફેરફાર કરવામાં આવ્યો.
history-here = તમે આ પાના પર આ કર્યું.
history-by-organisation = { $organisation } સંસ્થાએ આ નોંધ્યું.
history-verified = આ ઘટનાઓની નોંધ પૂરેપૂરી છે અને તેમાં કોઈ ફેરફાર થયો નથી.
history-not-verified = આ ઘટનાઓની નોંધ બગડી ગઈ છે. કૃપા કરીને { $organisation } સંસ્થાને ફરિયાદ કરો.
older = જૂનું

## Who was told to stop

told-title = વપરાશ બંધ કરવા કોને જણાવ્યું
told-intro = તમે સંમતિ પાછી ખેંચો ત્યારે, તમારી માહિતી મેળવનારાઓની યાદીમાં જે છે તે બધાને { $organisation } સંસ્થા જાણ કરે છે.
told-empty = કોઈને જાણ કરવાની જરૂર પડી નથી.
told-not-yet = હજી જાણ કરી નથી
told-at = { $date }ના રોજ જાણ કરી
told-waiting = હજી ખાતરી આપી નથી
told-overdue = { $date } સુધીમાં ખાતરી આપવાની હતી
told-confirmed = { $date }ના રોજ ખાતરી આપી
told-ceased = વાપરવાનું બંધ કર્યું છે
told-erased = તમારી માહિતી ભૂંસી નાખી છે
told-not-held = તેમની પાસે તમારી કોઈ માહિતી નથી
told-retained = કાયદા મુજબ જરૂરી હોવાથી તમારી માહિતી રાખી છે
told-refused = વપરાશ બંધ કરવાની ના પાડી

## Complaints

grievances-title = ફરિયાદો
grievances-intro = તમારી માહિતી જે રીતે વપરાય છે તે વિશે તમે ફરિયાદ કરી શકો છો. તમને { $days } દિવસમાં જવાબ મળશે.
grievances-empty = તમે કોઈ ફરિયાદ કરી નથી.
grievance-text = તમારી ફરિયાદ
grievance-send = ફરિયાદ મોકલો
grievance-missing = કૃપા કરીને તમારી ફરિયાદ લખો. તેમાં વધુમાં વધુ { $count } અક્ષર હોઈ શકે.
grievance-sent = તમારી ફરિયાદ મળી છે. તેનો નંબર: { $number }.
grievance-sent-before = આ ફરિયાદ પહેલેથી મળી ગઈ છે.
grievance-number = નંબર { $number }
grievance-submitted = મળી છે
grievance-in-review = તપાસ ચાલે છે
grievance-resolved = ઉકેલાઈ ગઈ
grievance-rejected = નકારવામાં આવી
grievance-erased = ભૂંસી નાખવામાં આવી
grievance-made-on = { $date }ના રોજ કરેલી
grievance-answer-by = { $date } સુધીમાં જવાબ મળવો જોઈએ
grievance-answer = જવાબ: { $text }

## A copy of the data

copy-title = મારી માહિતીની નકલ
copy-intro = આ ફાઇલમાં તમારી દરેક નોંધ તેના પુરાવા સાથે છે. તે કમ્પ્યુટર માટે છે; તમને જેના પર ભરોસો હોય તે કોઈ પણ તેને તપાસી શકે છે.
copy-download = મારી માહિતી ડાઉનલોડ કરો
copy-receipts = રસીદો

## Erasure

erasure-title = મારી માહિતી ભૂંસવી
erasure-intro = તમારી સંમતિઓ પૂરી થશે, અને { $organisation } સંસ્થા તેની નોંધોમાંથી તમારું નામ કાઢી નાખશે. આ પછી પાછું પહેલાં જેવું કરી શકાશે નહીં.
erasure-kept = કાયદા મુજબ જરૂરી હોવાથી થોડું રાખવામાં આવે છે: નોંધો હતી એટલી જ વાત, તમારા નામ વગર.
erasure-confirm = મારે મારી માહિતી ભૂંસાવવી છે
erasure-unconfirmed = કૃપા કરીને પહેલાં ખાનામાં ટિક કરો.
erasure-send = મારી માહિતી હમણાં જ ભૂંસો
erased-title = તમારી માહિતી ભૂંસાઈ ગઈ છે
erased-number = તમારી વિનંતીનો નંબર: { $number }. તેને સાચવી રાખો; આ નંબર વગર હવે તમારી વિનંતી શોધી શકાશે નહીં.
erased-in-progress = તમારી માહિતીનો એક ભાગ ભૂંસાયો છે. બાકીનું ભૂંસવા બટન દબાવો.

## The link

open-title = { $organisation } સંસ્થામાં તમારું પાનું
open-intro = તમારું પાનું ખોલવા માટે બટન દબાવો. આ એક જ વાર ચાલે છે.
open-button = મારું પાનું ખોલો

## Errors

error-title = આ થઈ શક્યું નહીં
error-link = આ લિંક હવે ચાલતી નથી. તે પહેલાં વપરાઈ ગઈ છે, અથવા તેનો સમય પૂરો થઈ ગયો છે. નવી લિંક માગો.
error-session = આ પાનું જોવાનો તમારો સમય પૂરો થઈ ગયો છે. નવી લિંક માગો.
error-form = આ ફૉર્મ બહુ જૂનું છે, અથવા બીજા પાનાથી આવ્યું છે. કંઈ બદલાયું નથી. કૃપા કરીને ફરી પ્રયત્ન કરો.
error-not-found = આવું કોઈ પાનું નથી.
error-not-allowed = આ અહીં થઈ શકતું નથી. { $organisation } સંસ્થાને પૂછો.
error-conflict = આ દરમિયાન આ બદલાઈ ગયું છે. કૃપા કરીને તમારું પાનું ફરી જુઓ.
error-too-large = તમે મોકલેલું લખાણ બહુ લાંબું છે.
error-unavailable = હમણાં સેવા મળી શકતી નથી. કૃપા કરીને એક મિનિટ પછી ફરી પ્રયત્ન કરો.
error-internal = કંઈક ખોટું થયું. તેની નોંધ લેવાઈ છે.
error-number = આ ભૂલનો નંબર: { $number }
error-back = મારા પાના પર પાછા જાઓ
