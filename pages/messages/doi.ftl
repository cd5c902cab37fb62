### डोगरी (doi). Translated from English; no native speaker has reviewed it.

## The frame of every page

language-name = डोगरी
page-name = { $organisation } कोल तुंदियां सैह्मतियां
navigation = सफे
nav-home = मेरियां सैह्मतियां
nav-history = इतिहास
nav-told = कुस-कुस गी दस्सेआ गेआ
nav-grievances = शकायतां
nav-copy = मेरा डेटा
nav-erasure = मेरा डेटा मटाओ
languages = भाशां
unreviewed = जिसदी मां-बोली डोगरी ऐ, ऐसे कुसै माह्नू नै अजें इस अनुवाद गी नेईं जांचेआ ऐ।
date = { $day } { $month } { $year }
month-1 = जनवरी
month-2 = फरवरी
month-3 = मार्च
month-4 = अप्रैल
month-5 = मेई
month-6 = जून
month-7 = जुलाई
month-8 = अगस्त
month-9 = सितंबर
month-10 = अक्तूबर
month-11 = नवंबर
month-12 = दिसंबर

## What the person agreed to

home-title = तुसें कुस-कुस गल्लै आस्तै सैह्मती दित्ती ऐ
home-intro = तुस कदें बी सैह्मती वापस लेई सकदे ओ। वापस लैना उन्ना गै सौखा ऐ जिन्ना सैह्मती देना।
home-empty = { $organisation } कोल तुंदी कोई सैह्मती नेईं ऐ।
home-shortened = सिर्फ सारें शा नमें { $count } रिकार्ड दस्से गेदे न।
state-granted = तुसें { $date } गी सैह्मती दित्ती।
state-until = तुंदी सैह्मती { $date } गी मुक्की जाग।
state-denied = तुसें { $date } गी मना कीता।
state-withdrawn = तुसें { $date } गी सैह्मती वापस लैती।
state-expired = तुंदी सैह्मती { $date } गी मुक्की गेई।
state-renewed = तुसें { $date } गी इसदा परतियै जवाब दित्ता।
withdraw = वापस लैओ
withdraw-purpose = वापस लैओ: { $purpose }
withdraw-all = सब किश वापस लैओ
read-notice = तुसेंगी दस्सी गेदी सूचना पढ़ो
receipt = रसीद
done-withdrawn = तुसें सैह्मती वापस लेई लैती ऐ। { $organisation } गी इस कम्मै आस्तै तुंदे डेटा दा इस्तेमाल बंद करना पौग।
done-withdrawn-before = एह् सैह्मती पैह्लें गै वापस लैती जाई चुकी ऐ।
done-in-progress = इसदा इक हिस्सा वापस लैता गेआ ऐ। बाकी वापस लैने आस्तै बटन इक बारी होर दबाओ।

## A notice

notice-title = सूचना
notice-other-language = एह् सूचना { $language } भाशा च उपलब्ध नेईं ऐ। एह् तुसेंगी { $shown } भाशा च दस्सी जा करदी ऐ।
notice-data = इस्तेमाल होने आह्ला निजी डेटा
notice-purposes = इसदा इस्तेमाल कुस कम्मै आस्तै होंदा ऐ
notice-services = इस कन्नै मिलने आह्लियां सेवां: { $services }
notice-necessary = सेवा आस्तै जरूरी
notice-officer = तुंदे सुआलें ते शकायतें दा जवाब कुन दिंदा ऐ
notice-withdraw-link = सैह्मती कियां वापस लैनी ऐ
notice-rights-link = तुंदे हक्क
notice-complaint-link = डेटा संरक्षण बोर्ड च शकायत कियां करनी ऐ

## The question of an organisation

question-title = { $organisation } नै तुंदे शा सैह्मती मंगी ऐ
question-intro = हर मकसद आस्तै इक जवाब चुनो। तुंदे आस्तै पैह्लें शा किश नेईं चुनेआ गेदा ऐ। तुस मना करी सकदे ओ, ते दित्ती गेदी सैह्मती बाद च वापस बी लेई सकदे ओ।
question-agree = मैं सैह्मत आं
question-refuse = मैं सैह्मत नेईं आं
question-send = मेरे जवाब दर्ज करो
question-unanswered = कृपा करियै हर मकसद आस्तै जवाब देओ। इंदा जवाब अजें बाकी ऐ:
question-until = जेकर तुस सैह्मती दिंदे ओ ते उसगी पैह्लें वापस नेईं लैंदे, तां ओह् { $date } गी मुक्की जाग।
answered-title = तुंदे जवाब दर्ज होई गे न
answered-agreed = तुसें सैह्मती दित्ती
answered-refused = तुसें मना कीता
answered-before = इनें सुआलें दे जवाब पैह्लें गै दित्ते जाई चुके न।
answered-receipt = रसीद डाउनलोड करो
answered-return = { $organisation } पर वापस जाओ

## History

history-title = इतिहास
history-empty = किश बी दर्ज नेईं ऐ।
history-given = तुंदे शा पुच्छेआ गेआ ते तुंदे जवाब दर्ज कीते गे।
history-withdrawn = तुंदी सैह्मती वापस लैती गेई।
history-part-withdrawn = तुंदी सैह्मती दा इक हिस्सा वापस लैता गेआ।
history-renewed = तुंदी सैह्मती दे बदलै नमां जवाब दर्ज कीता गेआ।
history-erased = तुंदा डेटा मटाया गेआ।
history-other = तुंदी सैह्मती बदली गेई।
history-here = एह् तुसें इस्सै सफे पर कीता।
history-by-organisation = { $organisation } नै दर्ज कीता।
history-verified = इनें घटनाएं दा रिकार्ड पूरा ऐ ते इस च कोई बदलाव नेईं होआ ऐ।
history-not-verified = इनें घटनाएं दा रिकार्ड खराब होई गेआ ऐ। कृपा करियै { $organisation } गी शकायत करो।
older = होर पराने

## Who was told to stop

told-title = इस्तेमाल बंद करने आस्तै कुस-कुस गी आखेआ गेआ
told-intro = जिसलै तुस सैह्मती वापस लैंदे ओ, { $organisation } दी तरफा उनें सभनें गी दस्सेआ जंदा ऐ जेह्ड़े तुंदा डेटा लैने आह्लें दी सूची च न।
told-empty = कुसै गी दस्सने दी लोड़ नेईं ही।
told-not-yet = अजें नेईं दस्सेआ गेआ
told-at = { $date } गी दस्सेआ गेआ
told-waiting = अजें पुश्टी नेईं कीती ऐ
told-overdue = { $date } तगर पुश्टी होई जानी चाहिदी ही
told-confirmed = { $date } गी पुश्टी कीती
told-ceased = इस्तेमाल बंद करी दित्ता ऐ
told-erased = तुंदा डेटा मटाई दित्ता ऐ
told-not-held = इंदे कोल तुंदा कोई डेटा नेईं ऐ
told-retained = तुंदा डेटा रक्खेआ ऐ, कीजे कनून च एह् जरूरी ऐ
told-refused = बंद करने शा मना करी दित्ता

## Complaints

grievances-title = शकायतां
grievances-intro = तुंदा डेटा जिस चाल्ली इस्तेमाल होंदा ऐ, तुस उसदी शकायत करी सकदे ओ। तुसेंगी { $days } दिनें दे अंदर जवाब मिलग।
grievances-empty = तुसें कोई शकायत नेईं कीती ऐ।
grievance-text = तुंदी शकायत
grievance-send = शकायत भेजो
grievance-missing = कृपा करियै अपनी शकायत लिखो। एह् ज्यादा शा ज्यादा { $count } अक्खरें दी होई सकदी ऐ।
grievance-sent = तुंदी शकायत मिली गेई ऐ। इसदा नंबर { $number } ऐ।
grievance-sent-before = एह् शकायत पैह्लें गै मिली चुकी ऐ।
grievance-number = नंबर { $number }
grievance-submitted = मिली गेई
grievance-in-review = जांच चला करदी ऐ
grievance-resolved = हल होई गेई
grievance-rejected = नामंजूर
grievance-erased = मटाई गेई
grievance-made-on = { $date } गी कीती गेई
grievance-answer-by = { $date } तगर जवाब मिलना चाहिदा ऐ
grievance-answer = जवाब: { $text }

## A copy of the data

copy-title = मेरे डेटा दी कापी
copy-intro = इस फाइल च तुंदा हर रिकार्ड अपने सबूत कन्नै ऐ। एह् कंप्यूटर आस्तै ऐ; जिस पर तुसेंगी भरोसा होऐ, ओह् इसगी जांची सकदा ऐ।
copy-download = मेरा डेटा डाउनलोड करो
copy-receipts = रसीदां

## Erasure

erasure-title = मेरा डेटा मटाओ
erasure-intro = तुंदियां सैह्मतियां मुक्की जाङन, ते { $organisation } दे रिकार्ड चा तुंदा नां हटाई दित्ता जाग। इसगी परतियै पैह्लें आंगर नेईं कीता जाई सकदा।
erasure-kept = कनून च जरूरी होने करी किश गल्लां रक्खियां जंदियां न: एह् जे रिकार्ड हे, तुंदे नां बगैर।
erasure-confirm = मिगी अपना डेटा मटोआना ऐ
erasure-unconfirmed = कृपा करियै पैह्लें डिब्बे च नशान लाओ।
erasure-send = मेरा डेटा हून मटाओ
erased-title = तुंदा डेटा मटाई दित्ता गेआ ऐ
erased-number = तुंदी दरखास्त दा नंबर { $number } ऐ। इसगी सांभियै रक्खो: हून इसदे बगैर एह् दरखास्त नेईं मिली सकदी।
erased-in-progress = तुंदे डेटा दा इक हिस्सा मटाई दित्ता गेआ ऐ। बाकी मटाने आस्तै बटन दबाओ।

## The link

open-title = { $organisation } पर तुंदा सफा
open-intro = अपना सफा खोह्लने आस्तै बटन दबाओ। एह् सिर्फ इक बारी कम्म करदा ऐ।
open-button = मेरा सफा खोह्लो

## Errors

error-title = एह् नेईं होई सकेआ
error-link = एह् लिंक हून कम्म नेईं करदा। इसदा इस्तेमाल पैह्लें होई चुकेआ ऐ, जां इसदा समां मुक्की गेआ ऐ। नमां लिंक मंगो।
error-session = इस सफे पर तुंदा समां मुक्की गेआ ऐ। नमां लिंक मंगो।
error-form = एह् फार्म बड़ा पराना ऐ जां कुसै दूए सफे थमां आया ऐ। किश बी नेईं बदलेआ गेआ। कृपा करियै परतियै कोशश करो।
error-not-found = एह् सफा मौजूद नेईं ऐ।
error-not-allowed = एह् इत्थै नेईं होई सकदा। { $organisation } शा पुच्छो।
error-conflict = इस बिच्च इस च बदलाव होई गेआ ऐ। कृपा करियै अपना सफा परतियै दिक्खो।
error-too-large = तुसें जे किश भेजेआ, ओह् बड़ा लम्मा ऐ।
error-unavailable = इस बेल्लै सेवा कन्नै संपर्क नेईं होआ करदा। कृपा करियै इक मिंट बाद परतियै कोशश करो।
error-internal = किश गड़बड़ होई गेई। इसगी दर्ज करी लैता गेआ ऐ।
error-number = इस गड़बड़ दा नंबर: { $number }
error-back = मेरे सफे पर वापस जाओ
