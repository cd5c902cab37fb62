### मराठी (mr). Translated from English; no native speaker has reviewed it.

## The frame of every page

language-name = मराठी
page-name = { $organisation } या संस्थेकडील तुमच्या संमती
navigation = पाने
nav-home = माझ्या संमती
nav-history = इतिहास
nav-told = कोणाला कळवले
nav-grievances = तक्रारी
nav-copy = माझा डेटा
nav-erasure = माझा डेटा पुसून टाका
languages = भाषा
unreviewed = मराठी मातृभाषा असलेल्या कोणीही हे भाषांतर अजून तपासलेले नाही.
date = { $day } { $month } { $year }
month-1 = जानेवारी
month-2 = फेब्रुवारी
month-3 = मार्च
month-4 = एप्रिल
month-5 = मे
month-6 = जून
month-7 = जुलै
month-8 = ऑगस्ट
month-9 = सप्टेंबर
month-10 = ऑक्टोबर
month-11 = नोव्हेंबर
month-12 = डिसेंबर

## What the person agreed to

home-title = तुम्ही कशाकशासाठी संमती दिली आहे
home-intro = तुम्ही संमती कधीही मागे घेऊ शकता. मागे घेणे हे संमती देण्याइतकेच सोपे आहे.
home-empty = { $organisation } या संस्थेकडे तुमची कोणतीही संमती नाही.
home-shortened = फक्त सर्वांत नवीन { $count } नोंदी दाखवल्या आहेत.
state-granted = तुम्ही { $date } रोजी संमती दिली.
state-until = तुमची संमती { $date } रोजी संपेल.
state-denied = तुम्ही { $date } रोजी नकार दिला.
state-withdrawn = तुम्ही { $date } रोजी संमती मागे घेतली.
state-expired = तुमची संमती { $date } रोजी संपली.
state-renewed = तुम्ही { $date } रोजी याचे पुन्हा उत्तर दिले.
withdraw = मागे घ्या
withdraw-purpose = मागे घ्या: { $purpose }
withdraw-all = सर्व मागे घ्या
read-notice = तुम्हाला दाखवलेली सूचना वाचा
receipt = पावती
done-withdrawn = तुम्ही संमती मागे घेतली आहे. { $organisation } या संस्थेने यासाठी तुमचा डेटा वापरणे थांबवले पाहिजे.
done-withdrawn-before = ही संमती आधीच मागे घेतलेली आहे.
done-in-progress = याचा एक भाग मागे घेतला आहे. उरलेले मागे घेण्यासाठी बटण आणखी एकदा दाबा.

## A notice

notice-title = सूचना
notice-other-language = ही सूचना { $language } या भाषेत उपलब्ध नाही. ती तुम्हाला { $shown } या भाषेत दिसत आहे.
notice-data = वापरला जाणारा वैयक्तिक डेटा
notice-purposes = तो कशासाठी वापरला जातो
notice-services = यामुळे मिळणाऱ्या सेवा: { $services }
notice-necessary = सेवेसाठी आवश्यक
notice-officer = तुमच्या प्रश्नांना आणि तक्रारींना कोण उत्तर देते
notice-withdraw-link = संमती मागे कशी घ्यावी
notice-rights-link = तुमचे हक्क
notice-complaint-link = डेटा संरक्षण मंडळाकडे तक्रार कशी करावी

## The question of an organisation

question-title = { $organisation } या संस्थेने तुमची संमती मागितली आहे
question-intro = प्रत्येक उद्देशासाठी एक उत्तर निवडा. तुमच्यासाठी आधीच काहीही निवडलेले नाही. तुम्ही नकार देऊ शकता आणि दिलेली संमती नंतर मागेही घेऊ शकता.
question-agree = माझी संमती आहे
question-refuse = माझी संमती नाही
question-send = माझी उत्तरे नोंदवा
question-unanswered = कृपया प्रत्येक उद्देशासाठी उत्तर द्या. यांची उत्तरे अजून बाकी आहेत:
question-until = तुम्ही संमती दिली आणि ती त्याआधी मागे घेतली नाही, तर ती { $date } रोजी संपेल.
answered-title = तुमची उत्तरे नोंदवली आहेत
answered-agreed = तुम्ही संमती दिली
answered-refused = तुम्ही नकार दिला
answered-before = या प्रश्नांची उत्तरे आधीच दिलेली आहेत.
answered-receipt = पावती डाउनलोड करा
answered-return = { $organisation } या संस्थेकडे परत जा

## History

history-title = इतिहास
history-empty = काहीही नोंदवलेले नाही.
history-given = तुम्हाला विचारण्यात आले आणि तुमची उत्तरे नोंदवण्यात आली.
history-withdrawn = तुमची संमती मागे घेण्यात आली.
history-part-withdrawn = तुमच्या संमतीचा एक भाग मागे घेण्यात आला.
history-renewed = तुमच्या संमतीच्या जागी नवीन उत्तर नोंदवण्यात आले.
history-erased = तुमचा डेटा पुसून टाकण्यात आला.
history-other = तुमची संमती बदलण्यात आली.
history-here = हे तुम्ही याच पानावर केले.
history-by-organisation = { $organisation } या संस्थेने नोंदवले.
history-verified = या घडामोडींची नोंद पूर्ण आहे आणि तिच्यात कोणताही बदल झालेला नाही.
history-not-verified = या घडामोडींची नोंद खराब झाली आहे. कृपया { $organisation } या संस्थेकडे तक्रार करा.
older = अधिक जुने

## Who was told to stop

told-title = वापर थांबवण्यास कोणाला सांगितले
told-intro = तुम्ही संमती मागे घेता तेव्हा, तुमचा डेटा मिळवणाऱ्यांच्या यादीत असलेल्या सर्वांना { $organisation } ही संस्था कळवते.
told-empty = कोणालाही कळवण्याची गरज नव्हती.
told-not-yet = अजून कळवलेले नाही
told-at = { $date } रोजी कळवले
told-waiting = अजून पुष्टी मिळालेली नाही
told-overdue = { $date } पर्यंत पुष्टी मिळायला हवी होती
told-confirmed = { $date } रोजी पुष्टी मिळाली
told-ceased = वापर थांबवला आहे
told-erased = तुमचा डेटा पुसून टाकला आहे
told-not-held = यांच्याकडे तुमचा कोणताही डेटा नाही
told-retained = कायद्याने आवश्यक असल्यामुळे तुमचा डेटा ठेवला आहे
told-refused = थांबवण्यास नकार दिला

## Complaints

grievances-title = तक्रारी
grievances-intro = तुमचा डेटा कसा वापरला जातो याबद्दल तुम्ही तक्रार करू शकता. तुम्हाला { $days } दिवसांच्या आत उत्तर मिळेल.
grievances-empty = तुम्ही कोणतीही तक्रार केलेली नाही.
grievance-text = तुमची तक्रार
grievance-send = तक्रार पाठवा
grievance-missing = कृपया तुमची तक्रार लिहा. ती जास्तीत जास्त { $count } अक्षरांची असू शकते.
grievance-sent = तुमची तक्रार मिळाली आहे. तिचा क्रमांक { $number } आहे.
grievance-sent-before = ही तक्रार आधीच मिळालेली आहे.
grievance-number = क्रमांक { $number }
grievance-submitted = मिळाली
grievance-in-review = तपासणी सुरू आहे
grievance-resolved = सोडवली
grievance-rejected = फेटाळली
grievance-erased = पुसून टाकली
grievance-made-on = { $date } रोजी केली
grievance-answer-by = { $date } पर्यंत उत्तर मिळायला हवे
grievance-answer = उत्तर: { $text }

## A copy of the data

copy-title = माझ्या डेटाची प्रत
copy-intro = या फाइलमध्ये तुमची प्रत्येक नोंद तिच्या पुराव्यासह आहे. ती संगणकासाठी आहे; तुमचा विश्वास असलेली कोणतीही व्यक्ती ती तपासू शकते.
copy-download = माझा डेटा डाउनलोड करा
copy-receipts = पावत्या

## Erasure

erasure-title = माझा डेटा पुसून टाका
erasure-intro = तुमच्या संमती संपतील आणि { $organisation } या संस्थेच्या नोंदींमधून तुमचे नाव काढले जाईल. हे पुन्हा पूर्वीसारखे करता येत नाही.
erasure-kept = कायद्याने आवश्यक असल्यामुळे काही माहिती ठेवली जाते: नोंदी होत्या ही गोष्ट, तुमच्या नावाशिवाय.
erasure-confirm = माझा डेटा पुसून टाकावा, अशी माझी इच्छा आहे
erasure-unconfirmed = कृपया आधी चौकटीत खूण करा.
erasure-send = माझा डेटा आता पुसून टाका
erased-title = तुमचा डेटा पुसून टाकला आहे
erased-number = तुमच्या विनंतीचा क्रमांक { $number } आहे. तो जपून ठेवा: आता त्याशिवाय ही विनंती सापडणार नाही.
erased-in-progress = तुमच्या डेटाचा एक भाग पुसून टाकला आहे. उरलेला पुसून टाकण्यासाठी बटण दाबा.

## The link

open-title = { $organisation } या संस्थेकडील तुमचे पान
open-intro = तुमचे पान उघडण्यासाठी बटण दाबा. हे एकदाच चालते.
open-button = माझे पान उघडा

## Errors

error-title = हे होऊ शकले नाही
error-link = ही लिंक आता चालत नाही. ती आधी वापरली गेली आहे किंवा तिची मुदत संपली आहे. नवीन लिंक मागा.
error-session = या पानावरील तुमची वेळ संपली आहे. नवीन लिंक मागा.
error-form = हा फॉर्म खूप जुना आहे किंवा दुसऱ्या पानावरून आला आहे. काहीही बदललेले नाही. कृपया पुन्हा प्रयत्न करा.
error-not-found = हे पान अस्तित्वात नाही.
error-not-allowed = हे येथे करता येत नाही. { $organisation } या संस्थेला विचारा.
error-conflict = दरम्यान यात बदल झाला आहे. कृपया तुमचे पान पुन्हा पाहा.
error-too-large = तुम्ही पाठवलेला मजकूर खूप मोठा आहे.
error-unavailable = सध्या सेवेशी संपर्क होत नाही. कृपया एका मिनिटाने पुन्हा प्रयत्न करा.
error-internal = काहीतरी चूक झाली. ती नोंदवली आहे.
error-number = या चुकीचा क्रमांक: { $number }
error-back = माझ्या पानावर परत जा
