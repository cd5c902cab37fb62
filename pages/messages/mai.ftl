### मैथिली (mai). Translated from English; no native speaker has reviewed it.

## The frame of every page

language-name = मैथिली
page-name = { $organisation } लग अहाँक सहमति सभ
navigation = पृष्ठ सभ
nav-home = हमर सहमति सभ
nav-history = इतिहास
nav-told = ककरा बताओल गेल
nav-grievances = शिकायत सभ
nav-copy = हमर डेटा
nav-erasure = हमर डेटा मेटाउ
languages = भाषा सभ
unreviewed = मैथिली मातृभाषा वला कोनो व्यक्ति एखन धरि एहि अनुवादकेँ नहि जाँचने छथि।
date = { $day } { $month } { $year }
month-1 = जनवरी
month-2 = फरवरी
month-3 = मार्च
month-4 = अप्रैल
month-5 = मई
month-6 = जून
month-7 = जुलाइ
month-8 = अगस्त
month-9 = सितम्बर
month-10 = अक्टूबर
month-11 = नवम्बर
month-12 = दिसम्बर

## What the person agreed to

home-title = अहाँ कोन-कोन बात लेल सहमति देने छी
home-intro = अहाँ कखनो सहमति वापस लऽ सकैत छी। वापस लेब ओतबे आसान अछि जतेक सहमति देब।
home-empty = { $organisation } लग अहाँक कोनो सहमति नहि अछि।
home-shortened = मात्र सभसँ नव { $count } टा रेकर्ड देखाओल गेल अछि।
state-granted = अहाँ { $date } केँ सहमति देलहुँ।
state-until = अहाँक सहमति { $date } केँ समाप्त होयत।
state-denied = अहाँ { $date } केँ मना कयलहुँ।
state-withdrawn = अहाँ { $date } केँ सहमति वापस लेलहुँ।
state-expired = अहाँक सहमति { $date } केँ समाप्त भऽ गेल।
state-renewed = अहाँ { $date } केँ एकर फेर सँ जवाब देलहुँ।
withdraw = वापस लिअ
withdraw-purpose = वापस लिअ: { $purpose }
withdraw-all = सभ वापस लिअ
read-notice = अहाँकेँ देखाओल गेल सूचना पढ़ू
receipt = रसीद
done-withdrawn = अहाँ सहमति वापस लऽ लेलहुँ। { $organisation } केँ एहि काज लेल अहाँक डेटाक उपयोग बन्द करय पड़त।
done-withdrawn-before = ई सहमति पहिनहि वापस लेल जा चुकल अछि।
done-in-progress = एकर एक भाग वापस लेल गेल अछि। बाकी वापस लेबा लेल बटन एक बेर आर दबाउ।

## A notice

notice-title = सूचना
notice-other-language = ई सूचना { $language } भाषामे उपलब्ध नहि अछि। ई अहाँकेँ { $shown } भाषामे देखाओल जा रहल अछि।
notice-data = उपयोग होमय वला व्यक्तिगत डेटा
notice-purposes = एकर उपयोग कोन काज लेल होइत अछि
notice-services = एहिसँ भेटय वला सेवा: { $services }
notice-necessary = सेवा लेल जरूरी
notice-officer = अहाँक प्रश्न आ शिकायतक जवाब के दैत अछि
notice-withdraw-link = सहमति कोना वापस ली
notice-rights-link = अहाँक अधिकार
notice-complaint-link = डेटा संरक्षण बोर्डमे शिकायत कोना करी

## The question of an organisation

question-title = { $organisation } अहाँसँ सहमति माँगि रहल अछि
question-intro = प्रत्येक उद्देश्य लेल एकटा जवाब चुनू। अहाँ लेल पहिनेसँ किछु नहि चुनल गेल अछि। अहाँ मना कऽ सकैत छी, आ देल गेल सहमति बादमे वापस सेहो लऽ सकैत छी।
question-agree = हम सहमत छी
question-refuse = हम सहमत नहि छी
question-send = हमर जवाब दर्ज करू
question-unanswered = कृपया प्रत्येक उद्देश्य लेल जवाब दिअ। एहि सभक जवाब एखन बाकी अछि:
question-until = जँ अहाँ सहमति देब आ ओकरा पहिने वापस नहि लेब, तँ ओ { $date } केँ समाप्त होयत।
answered-title = अहाँक जवाब दर्ज भऽ गेल
answered-agreed = अहाँ सहमति देलहुँ
answered-refused = अहाँ मना कयलहुँ
answered-before = एहि प्रश्न सभक जवाब पहिनहि देल जा चुकल अछि।
answered-receipt = रसीद डाउनलोड करू
answered-return = { $organisation } पर वापस जाउ

## History

history-title = इतिहास
history-empty = किछु दर्ज नहि अछि।
history-given = अहाँसँ पूछल गेल आ अहाँक जवाब दर्ज कयल गेल।
history-withdrawn = अहाँक सहमति वापस लेल गेल।
history-part-withdrawn = अहाँक सहमतिक एक भाग वापस लेल गेल।
history-renewed = अहाँक सहमतिक बदला नव जवाब दर्ज कयल गेल।
history-erased = अहाँक डेटा मेटाओल गेल।
history-other = अहाँक सहमति बदलल गेल।
history-here = ई अहाँ एही पृष्ठ पर कयलहुँ।
history-by-organisation = { $organisation } द्वारा दर्ज कयल गेल।
history-verified = एहि घटना सभक रेकर्ड पूरा अछि आ एहिमे कोनो बदलाव नहि भेल अछि।
history-not-verified = एहि घटना सभक रेकर्ड खराब भऽ गेल अछि। कृपया { $organisation } लग शिकायत करू।
older = आर पुरान

## Who was told to stop

told-title = उपयोग बन्द करबा लेल ककरा कहल गेल
told-intro = जखन अहाँ सहमति वापस लैत छी, तखन { $organisation } ओहि सभकेँ बतबैत अछि जे अहाँक डेटा पाबय वला सभक सूचीमे अछि।
told-empty = ककरो बतयबाक जरूरत नहि छल।
told-not-yet = एखन धरि नहि बताओल गेल
told-at = { $date } केँ बताओल गेल
told-waiting = एखन धरि पुष्टि नहि कयलक अछि
told-overdue = { $date } धरि पुष्टि करबाक छल
told-confirmed = { $date } केँ पुष्टि कयलक
told-ceased = उपयोग बन्द कऽ देलक अछि
told-erased = अहाँक डेटा मेटा देलक अछि
told-not-held = एकरा लग अहाँक कोनो डेटा नहि अछि
told-retained = कानूनमे जरूरी रहबाक कारण अहाँक डेटा रखने अछि
told-refused = बन्द करबासँ मना कऽ देलक

## Complaints

grievances-title = शिकायत सभ
grievances-intro = अहाँक डेटाक उपयोग जाहि तरहेँ होइत अछि, तकर अहाँ शिकायत कऽ सकैत छी। अहाँकेँ { $days } दिनक भीतर जवाब भेटत।
grievances-empty = अहाँ कोनो शिकायत नहि कयने छी।
grievance-text = अहाँक शिकायत
grievance-send = शिकायत पठाउ
grievance-missing = कृपया अपन शिकायत लिखू। ई बेसीसँ बेसी { $count } अक्षरक भऽ सकैत अछि।
grievance-sent = अहाँक शिकायत भेटि गेल। एकर नम्बर { $number } अछि।
grievance-sent-before = ई शिकायत पहिनहि भेटि चुकल अछि।
grievance-number = नम्बर { $number }
grievance-submitted = भेटि गेल
grievance-in-review = जाँच चलि रहल अछि
grievance-resolved = समाधान भऽ गेल
grievance-rejected = अस्वीकार कयल गेल
grievance-erased = मेटाओल गेल
grievance-made-on = { $date } केँ कयल गेल
grievance-answer-by = { $date } धरि जवाब भेटबाक चाही
grievance-answer = जवाब: { $text }

## A copy of the data

copy-title = हमर डेटाक कॉपी
copy-intro = एहि फाइलमे अहाँक प्रत्येक रेकर्ड अपन प्रमाणक संग अछि। ई कम्प्यूटर लेल अछि; जाहि व्यक्ति पर अहाँकेँ भरोसा हो, ओ एकरा जाँचि सकैत अछि।
copy-download = हमर डेटा डाउनलोड करू
copy-receipts = रसीद सभ

## Erasure

erasure-title = हमर डेटा मेटाउ
erasure-intro = अहाँक सहमति सभ समाप्त भऽ जायत, आ { $organisation } अपन रेकर्डसँ अहाँक नाम हटा देत। एकरा फेर पहिने जकाँ नहि कयल जा सकैत अछि।
erasure-kept = कानूनमे जरूरी रहबाक कारण किछु बात राखल जाइत अछि: ई जे रेकर्ड छल, अहाँक नामक बिना।
erasure-confirm = हम अपन डेटा मेटबाबय चाहैत छी
erasure-unconfirmed = कृपया पहिने बॉक्समे चिह्न लगाउ।
erasure-send = हमर डेटा एखने मेटाउ
erased-title = अहाँक डेटा मेटा देल गेल
erased-number = अहाँक अनुरोधक नम्बर { $number } अछि। एकरा सम्हारि कऽ राखू: आब एकर बिना ई अनुरोध नहि भेटि सकैत अछि।
erased-in-progress = अहाँक डेटाक एक भाग मेटाओल गेल अछि। बाकी मेटयबा लेल बटन दबाउ।

## The link

open-title = { $organisation } पर अहाँक पृष्ठ
open-intro = अपन पृष्ठ खोलबा लेल बटन दबाउ। ई एके बेर काज करैत अछि।
open-button = हमर पृष्ठ खोलू

## Errors

error-title = ई नहि भऽ सकल
error-link = ई लिंक आब काज नहि करैत अछि। एकर उपयोग पहिनहि भऽ चुकल अछि, वा एकर समय समाप्त भऽ गेल अछि। नव लिंक माँगू।
error-session = एहि पृष्ठ पर अहाँक समय समाप्त भऽ गेल अछि। नव लिंक माँगू।
error-form = ई फॉर्म बहुत पुरान अछि वा कोनो दोसर पृष्ठसँ आयल अछि। किछु नहि बदलल गेल। कृपया फेर सँ प्रयास करू।
error-not-found = ई पृष्ठ नहि अछि।
error-not-allowed = ई एतय नहि भऽ सकैत अछि। { $organisation } सँ पुछू।
error-conflict = एहि बीच एहिमे बदलाव भऽ गेल अछि। कृपया अपन पृष्ठ फेर सँ देखू।
error-too-large = अहाँ जे पठौलहुँ, से बहुत नमहर अछि।
error-unavailable = एखन सेवासँ सम्पर्क नहि भऽ रहल अछि। कृपया एक मिनट बाद फेर सँ प्रयास करू।
error-internal = किछु गड़बड़ी भऽ गेल। एकरा दर्ज कयल गेल अछि।
error-number = एहि गड़बड़ीक नम्बर: { $number }
error-back = हमर पृष्ठ पर वापस जाउ
