### हिन्दी (hi). Translated from English; no native speaker has reviewed it.

## The frame of every page

language-name = हिन्दी
page-name = { $organisation } के पास आपकी सहमतियाँ
navigation = पेज
nav-home = मेरी सहमतियाँ
nav-history = इतिहास
nav-told = किन्हें बताया गया
nav-grievances = शिकायतें
nav-copy = मेरा डेटा
nav-erasure = मेरा डेटा मिटाएँ
languages = भाषाएँ
unreviewed = जिनकी मातृभाषा हिन्दी है, ऐसे किसी व्यक्ति ने अभी तक इस अनुवाद की जाँच नहीं की है।
date = { $day } { $month } { $year }
month-1 = जनवरी
month-2 = फ़रवरी
month-3 = मार्च
month-4 = अप्रैल
month-5 = मई
month-6 = जून
month-7 = जुलाई
month-8 = अगस्त
month-9 = सितंबर
month-10 = अक्टूबर
month-11 = नवंबर
month-12 = दिसंबर

## What the person agreed to

home-title = आपने किस-किस के लिए सहमति दी है
home-intro = आप कभी भी सहमति वापस ले सकते हैं। वापस लेना उतना ही आसान है जितना सहमति देना।
home-empty = { $organisation } के पास आपकी कोई सहमति नहीं है।
home-shortened = सिर्फ़ सबसे नए { $count } रिकॉर्ड दिखाए गए हैं।
state-granted = आपने { $date } को सहमति दी।
state-until = आपकी सहमति { $date } को खत्म होगी।
state-denied = आपने { $date } को सहमति देने से मना किया।
state-withdrawn = आपने { $date } को सहमति वापस ली।
state-expired = आपकी सहमति { $date } को खत्म हो गई।
state-renewed = आपने { $date } को इसका फिर से जवाब दिया।
withdraw = वापस लें
withdraw-purpose = वापस लें: { $purpose }
withdraw-all = सब वापस लें
read-notice = आपको दिखाई गई सूचना पढ़ें
receipt = रसीद
done-withdrawn = आपने सहमति वापस ले ली है। { $organisation } को इस काम के लिए आपके डेटा का इस्तेमाल बंद करना होगा।
done-withdrawn-before = यह सहमति पहले ही वापस ली जा चुकी है।
done-in-progress = इसका एक हिस्सा वापस ले लिया गया है। बाकी वापस लेने के लिए बटन एक बार और दबाएँ।

## A notice

notice-title = सूचना
notice-other-language = यह सूचना { $language } भाषा में उपलब्ध नहीं है। यह आपको { $shown } भाषा में दिखाई जा रही है।
notice-data = इस्तेमाल होने वाला व्यक्तिगत डेटा
notice-purposes = यह किस काम के लिए इस्तेमाल होता है
notice-services = इससे मिलने वाली सेवाएँ: { $services }
notice-necessary = सेवा के लिए ज़रूरी
notice-officer = आपके सवालों और शिकायतों का जवाब कौन देता है
notice-withdraw-link = सहमति कैसे वापस लें
notice-rights-link = आपके अधिकार
notice-complaint-link = डेटा संरक्षण बोर्ड में शिकायत कैसे करें

## The question of an organisation

question-title = { $organisation } ने आपसे सहमति माँगी है
question-intro = हर उद्देश्य के लिए एक जवाब चुनें। आपके लिए पहले से कुछ नहीं चुना गया है। आप मना कर सकते हैं, और दी हुई सहमति बाद में वापस भी ले सकते हैं।
question-agree = मैं सहमत हूँ
question-refuse = मैं सहमत नहीं हूँ
question-send = मेरे जवाब दर्ज करें
question-unanswered = कृपया हर उद्देश्य के लिए जवाब दें। इनका जवाब अभी बाकी है:
question-until = अगर आप सहमति देते हैं और उसे पहले वापस नहीं लेते, तो वह { $date } को खत्म होगी।
answered-title = आपके जवाब दर्ज हो गए हैं
answered-agreed = आपने सहमति दी
answered-refused = आपने मना किया
answered-before = इन सवालों के जवाब पहले ही दिए जा चुके हैं।
answered-receipt = रसीद डाउनलोड करें
answered-return = { $organisation } पर वापस जाएँ

## History

history-title = इतिहास
history-empty = कुछ भी दर्ज नहीं है।
history-given = आपसे पूछा गया और आपके जवाब दर्ज किए गए।
history-withdrawn = आपकी सहमति वापस ली गई।
history-part-withdrawn = आपकी सहमति का एक हिस्सा वापस लिया गया।
history-renewed = आपकी सहमति की जगह नया जवाब दर्ज किया गया।
history-erased = आपका डेटा मिटाया गया।
history-other = आपकी सहमति बदली गई।
history-here = यह आपने इसी पेज पर किया।
history-by-organisation = { $organisation } ने दर्ज किया।
history-verified = इन घटनाओं का रिकॉर्ड पूरा है और इसमें कोई बदलाव नहीं हुआ है।
history-not-verified = इन घटनाओं का रिकॉर्ड खराब हो गया है। कृपया { $organisation } से शिकायत करें।
older = और पुराने

## Who was told to stop

told-title = इस्तेमाल बंद करने को किन्हें कहा गया
told-intro = जब आप सहमति वापस लेते हैं, तो { $organisation } की ओर से उन सबको बताया जाता है जो आपका डेटा पाने वालों की सूची में हैं।
told-empty = किसी को बताने की ज़रूरत नहीं थी।
told-not-yet = अभी नहीं बताया गया
told-at = { $date } को बताया गया
told-waiting = अभी पुष्टि नहीं की है
told-overdue = { $date } तक पुष्टि हो जानी चाहिए थी
told-confirmed = { $date } को पुष्टि की
told-ceased = इस्तेमाल बंद कर दिया है
told-erased = आपका डेटा मिटा दिया है
told-not-held = इनके पास आपका कोई डेटा नहीं है
told-retained = आपका डेटा रखा है, क्योंकि कानून में यह ज़रूरी है
told-refused = बंद करने से मना कर दिया

## Complaints

grievances-title = शिकायतें
grievances-intro = आपका डेटा जिस तरह इस्तेमाल होता है, आप उसकी शिकायत कर सकते हैं। आपको { $days } दिन के भीतर जवाब मिलेगा।
grievances-empty = आपने कोई शिकायत नहीं की है।
grievance-text = आपकी शिकायत
grievance-send = शिकायत भेजें
grievance-missing = कृपया अपनी शिकायत लिखें। यह ज़्यादा से ज़्यादा { $count } अक्षरों की हो सकती है।
grievance-sent = आपकी शिकायत मिल गई है। इसका नंबर { $number } है।
grievance-sent-before = यह शिकायत पहले ही मिल चुकी है।
grievance-number = नंबर { $number }
grievance-submitted = मिल गई
grievance-in-review = जाँच चल रही है
grievance-resolved = हल हो गई
grievance-rejected = नामंज़ूर
grievance-erased = मिटा दी गई
grievance-made-on = { $date } को की गई
grievance-answer-by = { $date } तक जवाब मिलना चाहिए
grievance-answer = जवाब: { $text }

## A copy of the data

copy-title = मेरे डेटा की कॉपी
copy-intro = इस फ़ाइल में आपका हर रिकॉर्ड उसके सबूत के साथ है। यह कंप्यूटर के लिए बनी है; जिस पर आपको भरोसा हो, वह इसे जाँच सकता है।
copy-download = मेरा डेटा डाउनलोड करें
copy-receipts = रसीदें

## Erasure

erasure-title = मेरा डेटा मिटाएँ
erasure-intro = आपकी सहमतियाँ खत्म हो जाएँगी, और { $organisation } के रिकॉर्ड से आपका नाम हटा दिया जाएगा। इसे फिर पहले जैसा नहीं किया जा सकता।
erasure-kept = कानून के कारण कुछ बातें रखी जाती हैं: यह कि रिकॉर्ड थे, आपके नाम के बिना।
erasure-confirm = मुझे अपना डेटा मिटवाना है
erasure-unconfirmed = कृपया पहले बॉक्स पर निशान लगाएँ।
erasure-send = मेरा डेटा अभी मिटाएँ
erased-title = आपका डेटा मिटा दिया गया है
erased-number = आपके अनुरोध का नंबर { $number } है। इसे सँभालकर रखें: अब इसके बिना यह अनुरोध नहीं मिल सकता।
erased-in-progress = आपके डेटा का एक हिस्सा मिटा दिया गया है। बाकी मिटाने के लिए बटन दबाएँ।

## The link

open-title = { $organisation } पर आपका पेज
open-intro = अपना पेज खोलने के लिए बटन दबाएँ। यह सिर्फ़ एक बार काम करता है।
open-button = मेरा पेज खोलें

## Errors

error-title = यह नहीं हो पाया
error-link = यह लिंक अब काम नहीं करता। इसका इस्तेमाल पहले हो चुका है, या इसका समय खत्म हो गया है। नया लिंक माँगें।
error-session = इस पेज पर आपका समय खत्म हो गया है। नया लिंक माँगें।
error-form = यह फ़ॉर्म बहुत पुराना है या किसी दूसरे पेज से आया है। कुछ भी नहीं बदला गया। कृपया फिर से कोशिश करें।
error-not-found = यह पेज मौजूद नहीं है।
error-not-allowed = यह यहाँ नहीं हो सकता। { $organisation } से पूछें।
error-conflict = इस बीच इसमें बदलाव हो गया है। कृपया अपना पेज फिर से देखें।
error-too-large = आपने जो भेजा, वह बहुत लंबा है।
error-unavailable = सेवा से अभी संपर्क नहीं हो पा रहा है। कृपया एक मिनट बाद फिर से कोशिश करें।
error-internal = कुछ गड़बड़ हो गई। इसे दर्ज कर लिया गया है।
error-number = इस गड़बड़ का नंबर: { $number }
error-back = मेरे पेज पर वापस जाएँ
