### कोंकणी (kok). Translated from English; no native speaker has reviewed it.

## The frame of every page

language-name = कोंकणी
page-name = { $organisation } हे संस्थे कडेन तुमच्यो संमती
navigation = पानां
nav-home = म्हज्यो संमती
nav-history = इतिहास
nav-told = कोणाक कळयलें
nav-grievances = कागाळी
nav-copy = म्हजो डेटा
nav-erasure = म्हजो डेटा पुसून उडयात
languages = भासो
unreviewed = कोंकणी आवयभास आशिल्ल्या कोणेंच हो अणकार अजून तपासूंक ना.
date = { $day } { $month } { $year }
month-1 = जानेवारी
month-2 = फेब्रुवारी
month-3 = मार्च
month-4 = एप्रिल
month-5 = मे
month-6 = जून
month-7 = जुलाय
month-8 = आगोस्त
month-9 = सप्टेंबर
month-10 = ऑक्टोबर
month-11 = नोव्हेंबर
month-12 = डिसेंबर

## What the person agreed to

home-title = तुमी कसल्या गजालींक संमती दिल्या
home-intro = तुमी केन्नाय संमती फाटीं घेवंक शकतात. फाटीं घेवप हें संमती दिवपा इतलेंच सोंपें आसा.
home-empty = { $organisation } हे संस्थे कडेन तुमची कसलीच संमती ना.
home-shortened = फकत सगळ्यांत नव्यो { $count } नोंदी दाखयल्यात.
state-granted = तुमी { $date } दिसा संमती दिली.
state-until = तुमची संमती { $date } दिसा सोंपतली.
state-denied = तुमी { $date } दिसा न्हयकार दिलो.
state-withdrawn = तुमी { $date } दिसा संमती फाटीं घेतली.
state-expired = तुमची संमती { $date } दिसा सोंपली.
state-renewed = तुमी { $date } दिसा हाची परतून जाप दिली.
withdraw = फाटीं घेयात
withdraw-purpose = फाटीं घेयात: { $purpose }
withdraw-all = सगळें फाटीं घेयात
read-notice = तुमकां दाखयल्ली नोटीस वाचात
receipt = पावती
done-withdrawn = तुमी संमती फाटीं घेतल्या. { $organisation } हे संस्थेन हाचे खातीर तुमचो डेटा वापरप बंद करूंक जाय.
done-withdrawn-before = ही संमती आदींच फाटीं घेतल्या.
done-in-progress = हाचो एक भाग फाटीं घेतला. उरिल्लें फाटीं घेवपाक बटण आनीक एक फावट दामात.

## A notice

notice-title = नोटीस
notice-other-language = ही नोटीस { $language } भाशेंत उपलब्ध ना. ती तुमकां { $shown } भाशेंत दिसता.
notice-data = वापरतात तो वैयक्तीक डेटा
notice-purposes = तो कित्या खातीर वापरतात
notice-services = हाका लागून मेळपी सेवा: { $services }
notice-necessary = सेवे खातीर गरजेचें
notice-officer = तुमच्या प्रस्नांक आनी कागाळींक कोण जाप दिता
notice-withdraw-link = संमती कशी फाटीं घेवची
notice-rights-link = तुमचे हक्क
notice-complaint-link = डेटा संरक्षण मंडळा कडेन कागाळ कशी करची

## The question of an organisation

question-title = { $organisation } ही संस्था तुमची संमती मागता
question-intro = दर एका उद्देशा खातीर एक जाप वेंचात. तुमचे खातीर आदींच कांयच वेंचूंक ना. तुमी न्हयकार दिवंक शकतात, आनी दिल्ली संमती उपरांत फाटीं घेवंक शकतात.
question-agree = म्हजी संमती आसा
question-refuse = म्हजी संमती ना
question-send = म्हज्यो जापो सांबाळात
question-unanswered = उपकार करून दर एका उद्देशा खातीर जाप दियात. हांच्यो जापो अजून उरल्यात:
question-until = तुमी संमती दिली आनी ती आदीं फाटीं घेतली ना जाल्यार, ती { $date } दिसा सोंपतली.
answered-title = तुमच्यो जापो सांबाळ्ळ्यात
answered-agreed = तुमी संमती दिली
answered-refused = तुमी न्हयकार दिलो
answered-before = ह्या प्रस्नांच्यो जापो आदींच दिल्यात.
answered-receipt = पावती डाउनलोड करात
answered-return = { $organisation } हे संस्थे कडेन परत वचात

## History

history-title = इतिहास
history-empty = कसलीच नोंद ना.
history-given = तुमकां विचारलें, आनी तुमच्यो जापो नोंद केल्यो.
history-withdrawn = तुमची संमती फाटीं घेतली.
history-part-withdrawn = तुमचे संमतीचो एक भाग फाटीं घेतलो.
history-renewed = तुमचे संमतीचे सुवातेर नवी जाप नोंद केली.
history-erased = तुमचो डेटा पुसून उडयलो.
history-other = तुमची संमती बदलली.
history-here = हें तुमी ह्याच पानार केलें.
history-by-organisation = { $organisation } हे संस्थेन नोंद केली.
history-verified = ह्या घडणुकांची नोंद पुराय आसा आनी तातूंत कसलोच बदल जावंक ना.
history-not-verified = ह्या घडणुकांची नोंद इबाडल्या. उपकार करून { $organisation } हे संस्थे कडेन कागाळ करात.
older = चड पोरनें

## Who was told to stop

told-title = वापर बंद करूंक कोणाक सांगलें
told-intro = तुमी संमती फाटीं घेतात तेन्ना, तुमचो डेटा मेळपी लोकांचे वळेरेंत आशिल्ल्या सगळ्यांक { $organisation } ही संस्था कळयता.
told-empty = कोणाकूच कळोवपाची गरज नाशिल्ली.
told-not-yet = अजून कळोवंक ना
told-at = { $date } दिसा कळयलें
told-waiting = अजून पुश्टी दिवंक ना
told-overdue = { $date } मेरेन पुश्टी दिवंक जाय आशिल्ली
told-confirmed = { $date } दिसा पुश्टी दिली
told-ceased = वापर बंद केला
told-erased = तुमचो डेटा पुसून उडयला
told-not-held = हांचे कडेन तुमचो कसलोच डेटा ना
told-retained = कायद्या प्रमाण गरजेचो आशिल्ल्यान तुमचो डेटा दवरला
told-refused = बंद करूंक न्हयकार दिलो

## Complaints

grievances-title = कागाळी
grievances-intro = तुमचो डेटा कसो वापरतात हाचे विशीं तुमी कागाळ करूंक शकतात. तुमकां { $days } दिसां भितर जाप मेळटली.
grievances-empty = तुमी कसलीच कागाळ करूंक ना.
grievance-text = तुमची कागाळ
grievance-send = कागाळ धाडात
grievance-missing = उपकार करून तुमची कागाळ बरयात. ती चडांत चड { $count } अक्षरांची आसूं येता.
grievance-sent = तुमची कागाळ मेळ्ळ्या. तिचो क्रमांक { $number } आसा.
grievance-sent-before = ही कागाळ आदींच मेळ्ळ्या.
grievance-number = क्रमांक { $number }
grievance-submitted = मेळ्ळी
grievance-in-review = तपासणी चालू आसा
grievance-resolved = सोडयली
grievance-rejected = न्हयकारली
grievance-erased = पुसून उडयली
grievance-made-on = { $date } दिसा केली
grievance-answer-by = { $date } मेरेन जाप मेळूंक जाय
grievance-answer = जाप: { $text }

## A copy of the data

copy-title = म्हज्या डेटाची प्रत
copy-intro = हे फायलींत तुमची दर एक नोंद तिच्या पुराव्या सयत आसा. ती संगणका खातीर आसा; तुमचो विस्वास आशिल्लो कोणूय ती तपासूंक शकता.
copy-download = म्हजो डेटा डाउनलोड करात
copy-receipts = पावत्यो

## Erasure

erasure-title = म्हजो डेटा पुसून उडयात
erasure-intro = तुमच्यो संमती सोंपतल्यो, आनी { $organisation } ही संस्था आपल्या नोंदींतल्यान तुमचें नांव काडटली. हें परतून पयलीं सारकें करूंक मेळना.
erasure-kept = कायद्याक गरज आशिल्ल्यान थोडी म्हायती दवरतात: नोंदी आशिल्ल्यो ही गजाल, तुमचें नांव नासतना.
erasure-confirm = म्हाका म्हजो डेटा पुसून उडोवंक जाय
erasure-unconfirmed = उपकार करून पयलीं चौकटींत खूण करात.
erasure-send = म्हजो डेटा आतां पुसून उडयात
erased-title = तुमचो डेटा पुसून उडयला
erased-number = तुमचे विनंतीचो क्रमांक { $number } आसा. तो सांबाळून दवरात: आतां ताचे बगर ही विनंती मेळची ना.
erased-in-progress = तुमच्या डेटाचो एक भाग पुसून उडयला. उरिल्लो पुसून उडोवपाक बटण दामात.

## The link

open-title = { $organisation } हे संस्थे कडेन तुमचें पान
open-intro = तुमचें पान उगडपाक बटण दामात. हें एकदांच चलता.
open-button = म्हजें पान उगडात

## Errors

error-title = हें जावंक ना
error-link = ही लिंक आतां चलना. ती आदीं वापरल्या, वा तिची मुदत सोंपल्या. नवी लिंक मागात.
error-session = ह्या पानार तुमचो वेळ सोंपला. नवी लिंक मागात.
error-form = हो फॉर्म खूब पोरनो आसा वा दुसऱ्या पानावयल्यान आयला. कांयच बदलूंक ना. उपकार करून परतून यत्न करात.
error-not-found = हें पान अस्तित्वांत ना.
error-not-allowed = हें हांगा करूंक मेळना. { $organisation } हे संस्थेक विचारात.
error-conflict = मदल्या काळांत हातूंत बदल जाला. उपकार करून तुमचें पान परतून पळयात.
error-too-large = तुमी धाडिल्लें खूब लांब आसा.
error-unavailable = सद्या सेवे कडेन संपर्क जायना. उपकार करून एका मिनटान परतून यत्न करात.
error-internal = कितेंतरी चूक जाली. तिची नोंद केल्या.
error-number = हे चुकीचो क्रमांक: { $number }
error-back = म्हज्या पानार परत वचात
