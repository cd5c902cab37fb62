### नेपाली (ne). Translated from English; no native speaker has reviewed it.

## The frame of every page

language-name = नेपाली
page-name = { $organisation } मा तपाईंका सहमतिहरू
navigation = पृष्ठहरू
nav-home = मेरा सहमतिहरू
nav-history = इतिहास
nav-told = कसलाई जानकारी दिइयो
nav-grievances = गुनासोहरू
nav-copy = मेरो डेटा
nav-erasure = मेरो डेटा मेटाउनुहोस्
languages = भाषाहरू
unreviewed = नेपाली मातृभाषा भएको कुनै व्यक्तिले अहिलेसम्म यो अनुवाद जाँचेको छैन।
date = { $day } { $month } { $year }
month-1 = जनवरी
month-2 = फेब्रुअरी
month-3 = मार्च
month-4 = अप्रिल
month-5 = मे
month-6 = जुन
month-7 = जुलाई
month-8 = अगस्ट
month-9 = सेप्टेम्बर
month-10 = अक्टोबर
month-11 = नोभेम्बर
month-12 = डिसेम्बर

## What the person agreed to

home-title = तपाईंले केका लागि सहमति दिनुभएको छ
home-intro = तपाईं जुनसुकै बेला सहमति फिर्ता लिन सक्नुहुन्छ। फिर्ता लिनु सहमति दिनु जत्तिकै सजिलो छ।
home-empty = { $organisation } सँग तपाईंको कुनै सहमति छैन।
home-shortened = सबैभन्दा नयाँ { $count } वटा रेकर्ड मात्र देखाइएको छ।
state-granted = तपाईंले { $date } मा सहमति दिनुभयो।
state-until = तपाईंको सहमति { $date } मा सकिन्छ।
state-denied = तपाईंले { $date } मा अस्वीकार गर्नुभयो।
state-withdrawn = तपाईंले { $date } मा सहमति फिर्ता लिनुभयो।
state-expired = तपाईंको सहमति { $date } मा सकियो।
state-renewed = तपाईंले { $date } मा यसको फेरि जवाफ दिनुभयो।
withdraw = फिर्ता लिनुहोस्
withdraw-purpose = फिर्ता लिनुहोस्: { $purpose }
withdraw-all = सबै फिर्ता लिनुहोस्
read-notice = तपाईंलाई देखाइएको सूचना पढ्नुहोस्
receipt = रसिद
done-withdrawn = तपाईंले सहमति फिर्ता लिनुभयो। अब { $organisation } ले यस कामका लागि तपाईंको डेटा प्रयोग गर्न बन्द गर्नुपर्छ।
done-withdrawn-before = यो सहमति पहिले नै फिर्ता लिइसकिएको छ।
done-in-progress = यसको एक भाग फिर्ता लिइएको छ। बाँकी फिर्ता लिन बटन अर्को एक पटक थिच्नुहोस्।

## A notice

notice-title = सूचना
notice-other-language = यो सूचना { $language } भाषामा उपलब्ध छैन। यो तपाईंलाई { $shown } भाषामा देखाइएको छ।
notice-data = प्रयोग गरिने व्यक्तिगत डेटा
notice-purposes = यो केका लागि प्रयोग गरिन्छ
notice-services = यसबाट पाइने सेवाहरू: { $services }
notice-necessary = सेवाका लागि आवश्यक
notice-officer = तपाईंका प्रश्न र गुनासोको जवाफ कसले दिन्छ
notice-withdraw-link = सहमति कसरी फिर्ता लिने
notice-rights-link = तपाईंका अधिकारहरू
notice-complaint-link = डेटा संरक्षण बोर्डमा गुनासो कसरी गर्ने

## The question of an organisation

question-title = { $organisation } ले तपाईंको सहमति मागेको छ
question-intro = हरेक उद्देश्यका लागि एउटा जवाफ छान्नुहोस्। तपाईंका लागि पहिल्यै केही छानिएको छैन। तपाईं अस्वीकार गर्न सक्नुहुन्छ, र दिएको सहमति पछि फिर्ता पनि लिन सक्नुहुन्छ।
question-agree = म सहमत छु
question-refuse = म सहमत छैनँ
question-send = मेरा जवाफ सुरक्षित गर्नुहोस्
question-unanswered = कृपया हरेक उद्देश्यका लागि जवाफ दिनुहोस्। यिनको जवाफ अझै बाँकी छ:
question-until = तपाईंले सहमति दिनुभयो र पहिले नै फिर्ता लिनुभएन भने, त्यो { $date } मा सकिन्छ।
answered-title = तपाईंका जवाफ सुरक्षित गरिए
answered-agreed = तपाईंले सहमति दिनुभयो
answered-refused = तपाईंले अस्वीकार गर्नुभयो
answered-before = यी प्रश्नहरूको जवाफ पहिले नै दिइसकिएको छ।
answered-receipt = रसिद डाउनलोड गर्नुहोस्
answered-return = { $organisation } मा फर्कनुहोस्

## History

history-title = इतिहास
history-empty = केही पनि दर्ता छैन।
history-given = तपाईंलाई सोधियो, र तपाईंका जवाफ दर्ता गरिए।
history-withdrawn = तपाईंको सहमति फिर्ता लिइयो।
history-part-withdrawn = तपाईंको सहमतिको एक भाग फिर्ता लिइयो।
history-renewed = तपाईंको सहमतिको सट्टामा नयाँ जवाफ दर्ता गरियो।
history-erased = तपाईंको डेटा मेटाइयो।
history-other = तपाईंको सहमति बदलियो।
history-here = तपाईंले यो यसै पृष्ठमा गर्नुभयो।
history-by-organisation = { $organisation } ले दर्ता गरेको।
history-verified = यी घटनाहरूको रेकर्ड पूरा छ र यसमा कुनै फेरबदल भएको छैन।
history-not-verified = यी घटनाहरूको रेकर्ड बिग्रिएको छ। कृपया { $organisation } मा गुनासो गर्नुहोस्।
older = अझ पुराना

## Who was told to stop

told-title = प्रयोग बन्द गर्न कसलाई भनियो
told-intro = तपाईंले सहमति फिर्ता लिँदा, { $organisation } ले तपाईंको डेटा पाउनेहरूको सूचीमा भएका सबैलाई जानकारी दिन्छ।
told-empty = कसैलाई जानकारी दिनु परेन।
told-not-yet = अझै जानकारी दिइएको छैन
told-at = { $date } मा जानकारी दिइयो
told-waiting = अझै पुष्टि गरेको छैन
told-overdue = { $date } सम्म पुष्टि गर्नुपर्थ्यो
told-confirmed = { $date } मा पुष्टि भयो
told-ceased = प्रयोग बन्द गरेको छ
told-erased = तपाईंको डेटा मेटाएको छ
told-not-held = यिनीसँग तपाईंको कुनै डेटा छैन
told-retained = कानुनमा यो आवश्यक भएकाले तपाईंको डेटा राखेको छ
told-refused = बन्द गर्न अस्वीकार गरेको छ

## Complaints

grievances-title = गुनासोहरू
grievances-intro = तपाईंको डेटा कसरी प्रयोग गरिन्छ भन्नेबारे तपाईं गुनासो गर्न सक्नुहुन्छ। तपाईंले { $days } दिनभित्र जवाफ पाउनुहुन्छ।
grievances-empty = तपाईंले कुनै गुनासो गर्नुभएको छैन।
grievance-text = तपाईंको गुनासो
grievance-send = गुनासो पठाउनुहोस्
grievance-missing = कृपया आफ्नो गुनासो लेख्नुहोस्। यो बढीमा { $count } अक्षरको हुन सक्छ।
grievance-sent = तपाईंको गुनासो प्राप्त भयो। यसको नम्बर { $number } हो।
grievance-sent-before = यो गुनासो पहिले नै प्राप्त भइसकेको छ।
grievance-number = नम्बर { $number }
grievance-submitted = प्राप्त भयो
grievance-in-review = जाँच हुँदैछ
grievance-resolved = समाधान भयो
grievance-rejected = अस्वीकृत भयो
grievance-erased = मेटाइयो
grievance-made-on = { $date } मा गरिएको
grievance-answer-by = { $date } सम्म जवाफ आउनुपर्छ
grievance-answer = जवाफ: { $text }

## A copy of the data

copy-title = मेरो डेटाको प्रतिलिपि
copy-intro = यो फाइलमा तपाईंको हरेक रेकर्ड त्यसको प्रमाणसहित छ। यो कम्प्युटरका लागि हो; तपाईंले विश्वास गर्ने जो कोहीले यसलाई जाँच्न सक्छ।
copy-download = मेरो डेटा डाउनलोड गर्नुहोस्
copy-receipts = रसिदहरू

## Erasure

erasure-title = मेरो डेटा मेटाउनुहोस्
erasure-intro = तपाईंका सहमतिहरू सकिन्छन्, र { $organisation } ले आफ्ना रेकर्डबाट तपाईंको नाम हटाउँछ। यसलाई फेरि पहिलेजस्तो बनाउन सकिँदैन।
erasure-kept = कानुनमा आवश्यक भएकाले केही कुरा राखिन्छ: रेकर्डहरू थिए भन्ने कुरा, तपाईंको नामविना।
erasure-confirm = म मेरो डेटा मेटाउन चाहन्छु
erasure-unconfirmed = कृपया पहिले बाकसमा चिन्ह लगाउनुहोस्।
erasure-send = मेरो डेटा अहिले मेटाउनुहोस्
erased-title = तपाईंको डेटा मेटाइयो
erased-number = तपाईंको अनुरोधको नम्बर { $number } हो। यसलाई जोगाएर राख्नुहोस्: अब योविना यो अनुरोध भेटिँदैन।
erased-in-progress = तपाईंको डेटाको एक भाग मेटाइएको छ। बाँकी मेटाउन बटन थिच्नुहोस्।

## The link

open-title = { $organisation } मा तपाईंको पृष्ठ
open-intro = आफ्नो पृष्ठ खोल्न बटन थिच्नुहोस्। यो एक पटक मात्र काम गर्छ।
open-button = मेरो पृष्ठ खोल्नुहोस्

## Errors

error-title = यो हुन सकेन
error-link = यो लिङ्कले अब काम गर्दैन। यो पहिले नै प्रयोग भइसकेको छ, वा यसको समय सकिएको छ। नयाँ लिङ्क माग्नुहोस्।
error-session = यस पृष्ठमा तपाईंको समय सकिएको छ। नयाँ लिङ्क माग्नुहोस्।
error-form = यो फारम धेरै पुरानो छ वा अर्को पृष्ठबाट आएको छ। केही पनि बदलिएको छैन। कृपया फेरि प्रयास गर्नुहोस्।
error-not-found = यो पृष्ठ छैन।
error-not-allowed = यो यहाँ गर्न सकिँदैन। { $organisation } लाई सोध्नुहोस्।
error-conflict = यसबीचमा यो बदलिएको छ। कृपया आफ्नो पृष्ठ फेरि हेर्नुहोस्।
error-too-large = तपाईंले पठाएको कुरा धेरै लामो छ।
error-unavailable = अहिले सेवासँग सम्पर्क हुन सकेन। कृपया एक मिनेटपछि फेरि प्रयास गर्नुहोस्।
error-internal = केही गडबडी भयो। यसलाई दर्ता गरिएको छ।
error-number = यस गडबडीको नम्बर: { $number }
error-back = मेरो पृष्ठमा फर्कनुहोस्
