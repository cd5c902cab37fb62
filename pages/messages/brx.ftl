### बर’ (brx). Translated from English; no native speaker has reviewed it.

## The frame of every page

language-name = बर’
page-name = { $organisation } फसंथाननो होनाय नोंथांनि गनायथि
navigation = बिलाइफोर
nav-home = आंनि गनायथि
nav-history = जारिमिन
nav-told = सोरनो फोरमायनाय जाबाय
nav-grievances = अजदफोर
nav-copy = आंनि डाटा
nav-erasure = आंनि डाटाखौ हुखुमोर
languages = रावफोर
unreviewed = जायनि बिमा रावआ बर’, एरै सोरबो दासिम बे राव सोलायनायखौ नायबिजिराखै।
date = { $day } { $month } { $year }
month-1 = जानुवारी
month-2 = फेब्रुवारी
month-3 = मार्च
month-4 = एप्रिल
month-5 = मे
month-6 = जुन
month-7 = जुलाई
month-8 = आगष्ट
month-9 = सेप्थेम्बर
month-10 = अक्ट’बर
month-11 = नवेम्बर
month-12 = डिसेम्बर

## What the person agreed to

home-title = नोंथाङा जायफोरनि थाखाय गनायथि होबाय
home-intro = नोंथाङा जायखि जाया समावबो गनायथिखौ लाफिननो हायो। गनायथि होनाया जेसेबां गोरलै, लाफिननायाबो एसेबांनो गोरलै।
home-empty = { $organisation } फसंथाननि सेराव नोंथांनि जेबो गनायथि गैया।
home-shortened = उनथारनि { $count } रेकर्डखौल’ दिन्थिनाय जादों।
state-granted = नोंथाङा { $date } खालाराव गनायथि होबाय।
state-until = नोंथांनि गनायथिया { $date } खालाराव जोबगोन।
state-denied = नोंथाङा { $date } खालाराव राजि नङा होन्ना फोरमायबाय।
state-withdrawn = नोंथाङा { $date } खालाराव गनायथिखौ लाफिनबाय।
state-expired = नोंथांनि गनायथिया { $date } खालाराव जोबबाय।
state-renewed = नोंथाङा { $date } खालाराव बेनि फिननायखौ गोदानै होबाय।
withdraw = गनायथि लाफिन
withdraw-purpose = गनायथि लाफिन: { $purpose }
withdraw-all = गासै गनायथि लाफिन
read-notice = नोंथांनो दिन्थिनाय मिथिसारखौ फराय
receipt = रसिद
done-withdrawn = नोंथांनि गनायथिखौ लाफिननाय जाबाय। { $organisation } फसंथानआ बे हाबानि थाखाय नोंथांनि डाटाखौ बाहायनायखौ बन्द खालामनांगोन।
done-withdrawn-before = बेखौ सिगांनो लाफिननाय जाबाय।
done-in-progress = बेनि मोनसे बाहागोखौ लाफिननाय जाबाय। आद्रा थानायखौ लाफिननो बुथामखौ आरो खेबसे नारसोम।

## A notice

notice-title = मिथिसार
notice-other-language = बे मिथिसारा { $language } रावाव गैया। नोंथाङा बेखौ { $shown } रावाव नुगासिनो दं।
notice-data = बाहायजानाय गावारि डाटा
notice-purposes = जाय थांखिफोरनि थाखाय बाहायनाय जायो
notice-services = बेजों मोननो हानाय: { $services }
notice-necessary = सिबिथायनि थाखाय नांगौ
notice-officer = नोंथांनि सोंनाय आरो अजदफोरनि फिननाय सोर होगोन
notice-withdraw-link = गनायथिखौ माबोरै लाफिननो
notice-rights-link = नोंथांनि मोनथायफोर
notice-complaint-link = डाटा रैखाथि बर्डआव माबोरै अजद होनो

## The question of an organisation

question-title = { $organisation } फसंथानआ नोंथांनि गनायथि बिदों
question-intro = मोनफ्रोमबो थांखिनि थाखाय मोनसे फिननाय सायख’। नोंथांनि थाखाय सिगांनो जेबो सायख’नाय जायाखै। नोंथाङा नङा बुंनो हायो, आरो उनाव गनायथिखौ लाफिननो हायो।
question-agree = आं राजि
question-refuse = आं राजि नङा
question-send = आंनि फिननायफोरखौ थिना दोन
question-unanswered = अननानै मोनफ्रोमबो थांखिनि फिननाय हो। बेफोरनि फिननाय दासिम गैया:
question-until = नोंथाङा राजि जायोब्ला, नोंथांनि गनायथिया { $date } खालाराव जोबगोन, जुदि नोंथाङा बेनि सिगां लाफिनाब्ला।
answered-title = नोंथांनि फिननायफोरखौ थिना दोननाय जाबाय
answered-agreed = नोंथाङा राजि जाबाय
answered-refused = नोंथाङा राजि जायाखै
answered-before = बे सोंनायफोरनि फिननायखौ सिगांनो होनाय जाबाय।
answered-receipt = रसिदखौ डाउनल’ड खालाम
answered-return = { $organisation } फसंथानाव थांफिन

## History

history-title = जारिमिन
history-empty = जेबो रेकर्ड खालामनाय जायाखै।
history-given = नोंथांनो सोंनाय जादोंमोन, आरो नोंथांनि फिननायफोरखौ रेकर्ड खालामनाय जाबाय।
history-withdrawn = नोंथांनि गनायथिखौ लाफिननाय जाबाय।
history-part-withdrawn = नोंथांनि गनायथिनि मोनसे बाहागोखौ लाफिननाय जाबाय।
history-renewed = नोंथांनि गनायथिनि जायगायाव मोनसे गोदान फिननाय दोननाय जाबाय।
history-erased = नोंथांनि डाटाखौ हुखुमोरनाय जाबाय।
history-other = नोंथांनि गनायथिखौ सोलायनाय जाबाय।
history-here = नोंथाङा बेखौ बे बिलाइयाव खालामबाय।
history-by-organisation = { $organisation } फसंथानआ बेखौ रेकर्ड खालामबाय।
history-verified = बे जाथायफोरनि रेकर्डआ आबुङै दं आरो सोलायजायाखै।
history-not-verified = बे जाथायफोरनि रेकर्डआ गाज्रि जाबाय। अननानै { $organisation } फसंथानाव अजद हो।
older = गोजामसिन

## Who was told to stop

told-title = बाहायनायखौ बन्द खालामनो सोरनो फोरमायनाय जाबाय
told-intro = नोंथाङा गनायथिखौ लाफिनोब्ला, नोंथांनि डाटा मोनग्राफोरनि लिस्टआव थानाय गासैबोनो { $organisation } फसंथानआ फोरमायो।
told-empty = सोरनोबो फोरमायनो नांगौ जायाखै।
told-not-yet = दासिम फोरमायनाय जायाखै
told-at = { $date } खालाराव फोरमायनाय जाबाय
told-waiting = दासिम थार होन्ना फोरमायाखै
told-overdue = { $date } खालारसिम थार होन्ना फोरमायनांगौमोन
told-confirmed = { $date } खालाराव थार होन्ना फोरमायबाय
told-ceased = बाहायनायखौ बन्द खालामबाय
told-erased = नोंथांनि डाटाखौ हुखुमोरबाय
told-not-held = नोंथांनि जेबो डाटा लाखिया
told-retained = आइनआ नांगौ खालामनायनि थाखाय नोंथांनि डाटाखौ लाखिदों
told-refused = बन्द खालामनो राजि जायाखै

## Complaints

grievances-title = अजदफोर
grievances-intro = नोंथांनि डाटाखौ माबोरै बाहायनाय जायो, बेनि सोमोन्दै नोंथाङा अजद होनो हायो। { $days } साननि गेजेराव नोंथाङा फिननाय मोनगोन।
grievances-empty = नोंथाङा जेबो अजद होआखै।
grievance-text = नोंथांनि अजद
grievance-send = अजदखौ दैथायहर
grievance-missing = अननानै नोंथांनि अजदखौ लिर। बेयो { $count } हांखोनिख्रुइ बांसिन जानो हाया।
grievance-sent = नोंथांनि अजदखौ मोनबाय। बेनि नम्बरा { $number }।
grievance-sent-before = बे अजदखौ सिगांनो मोनबाय।
grievance-number = नम्बर { $number }
grievance-submitted = मोनबाय
grievance-in-review = नायबिजिरगासिनो दं
grievance-resolved = सुस्रांनाय जाबाय
grievance-rejected = नेवसिनाय जाबाय
grievance-erased = हुखुमोरनाय जाबाय
grievance-made-on = { $date } खालाराव होनाय जाबाय
grievance-answer-by = { $date } खालारसिम फिननाय होनांगोन
grievance-answer = फिननाय: { $text }

## A copy of the data

copy-title = आंनि डाटानि कपि
copy-intro = बे फाइलाव नोंथांनि गासैबो रेकर्ड बेनि फोरमानजों लोगोसे दं। बेयो कम्पिउटारनि थाखाय; नोंथाङा फोथायनाय जायखि जाया मानसिआ बेखौ नायबिजिरनो हागोन।
copy-download = आंनि डाटाखौ डाउनल’ड खालाम
copy-receipts = रसिदफोर

## Erasure

erasure-title = आंनि डाटाखौ हुखुमोर
erasure-intro = नोंथांनि गनायथिफोरा जोबगोन, आरो { $organisation } फसंथानआ गावनि रेकर्डफोरनिफ्राय नोंथांनि मुंखौ बोखारगोन। बेनि उनाव बेखौ सिगांनि बादि खालामफिननो हाया।
erasure-kept = आइनआ नांगौ खालामनायनि थाखाय एसे लाखिनाय जायो: रेकर्ड दंमोन, बेखौल’, नोंथांनि मुंखौ नङा।
erasure-confirm = आं आंनि डाटाखौ हुखुमोरहोनो लुबैयो
erasure-unconfirmed = अननानै सिगां बाखसुआव टिक हो।
erasure-send = आंनि डाटाखौ दानो हुखुमोर
erased-title = नोंथांनि डाटाखौ हुखुमोरनाय जाबाय
erased-number = नोंथांनि आरजगाबनायनि नम्बरा { $number }। बेखौ लाखि: दा बे आरजगाबनायखौ नागिरनो गुबुन जेबो लामा गैया।
erased-in-progress = नोंथांनि डाटानि मोनसे बाहागोखौ हुखुमोरनाय जाबाय। आद्रा थानायखौ हुखुमोरनो बुथामखौ नारसोम।

## The link

open-title = { $organisation } फसंथानाव नोंथांनि बिलाइ
open-intro = नोंथांनि बिलाइखौ खेवनो थाखाय बुथामखौ नारसोम। बेयो खेबसेल’ खामानि मावो।
open-button = आंनि बिलाइखौ खेव

## Errors

error-title = बेखौ खालामनो हायाखै
error-link = बे लिंकआ दा खामानि मावा। बेखौ सिगांनो बाहायनाय जाबाय, एबा बेनि समा जोबबाय। गोदान लिंक बि।
error-session = बे बिलाइखौ नायनाय समा जोबबाय। गोदान लिंक बि।
error-form = बे फर्मआ जोबोद गोजाम, एबा गुबुन बिलाइनिफ्राय फैदों। जेबो सोलायनाय जायाखै। अननानै फिन नाजा।
error-not-found = बे बिलाइया गैया।
error-not-allowed = बेखौ बेयाव खालामनो हाया। { $organisation } फसंथानखौ सों।
error-conflict = बे समनि गेजेराव बेयो सोलायबाय। अननानै नोंथांनि बिलाइखौ फिन नाय।
error-too-large = नोंथाङा दैथायहरनाया जोबोद गोलाव।
error-unavailable = दा सिबिथायखौ मोननो हाया। अननानै मिनिटसेनि उनाव फिन नाजा।
error-internal = मोनसे गोरोन्थि जाबाय। बेखौ लिरना दोननाय जाबाय।
error-number = बे गोरोन्थिनि नम्बर: { $number }
error-back = आंनि बिलाइयाव थांफिन
