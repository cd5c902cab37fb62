### संस्कृतम् (sa). Translated from English; no native speaker has reviewed it.

## The frame of every page

language-name = संस्कृतम्
page-name = { $organisation } इति संस्थायै दत्ताः भवत्सम्मतयः
navigation = पृष्ठानि
nav-home = मम सम्मतयः
nav-history = इतिहासः
nav-told = के सूचिताः
nav-grievances = अभियोगाः
nav-copy = मम दत्तांशः
nav-erasure = मम दत्तांशं विलोपयतु
languages = भाषाः
unreviewed = अयम् अनुवादः केनापि संस्कृतमातृभाषिणा अद्यावधि न परीक्षितः।
date = { $day } { $month } { $year }
month-1 = जनवरी
month-2 = फरवरी
month-3 = मार्च
month-4 = अप्रैल
month-5 = मई
month-6 = जून
month-7 = जुलाई
month-8 = अगस्त
month-9 = सितम्बर
month-10 = अक्टूबर
month-11 = नवम्बर
month-12 = दिसम्बर

## What the person agreed to

home-title = येषु विषयेषु सम्मतिः दत्ता
home-intro = सम्मतिः यदा कदापि प्रत्याहर्तुं शक्यते। सम्मतेः दानं यथा सुकरं, तथैव तस्याः प्रत्याहरणम् अपि सुकरम्।
home-empty = { $organisation } इति संस्थायाः समीपे भवत्सम्मतिः कापि नास्ति।
home-shortened = केवलं नूतनतमाः अभिलेखाः दर्शिताः ({ $count })।
state-granted = { $date } दिनाङ्के सम्मतिः दत्ता।
state-until = भवत्सम्मतिः { $date } दिनाङ्के समाप्ता भविष्यति।
state-denied = { $date } दिनाङ्के अस्वीकृतम्।
state-withdrawn = { $date } दिनाङ्के सम्मतिः प्रत्याहृता।
state-expired = भवत्सम्मतिः { $date } दिनाङ्के समाप्ता।
state-renewed = { $date } दिनाङ्के अस्य उत्तरं पुनः दत्तम्।
withdraw = सम्मतिं प्रत्याहरतु
withdraw-purpose = सम्मतिं प्रत्याहरतु – { $purpose }
withdraw-all = सर्वाः सम्मतीः प्रत्याहरतु
read-notice = या सूचना दर्शिता, तां पठतु
receipt = प्राप्तिपत्रम्
done-withdrawn = भवत्सम्मतिः प्रत्याहृता। { $organisation } इति संस्थया एतदर्थं भवद्दत्तांशस्य उपयोगः अवश्यं समापनीयः।
done-withdrawn-before = एषा सम्मतिः पूर्वमेव प्रत्याहृता।
done-in-progress = अस्य एकः भागः प्रत्याहृतः। शेषं प्रत्याहर्तुं पिञ्जं पुनः एकवारं नुदतु।

## A notice

notice-title = सूचना
notice-other-language = एषा सूचना { $language } इति भाषायां नास्ति। सा { $shown } इति भाषायां दृश्यते।
notice-data = उपयुज्यमानः वैयक्तिकदत्तांशः
notice-purposes = उपयोगस्य प्रयोजनानि
notice-services = अनेन यत् लभ्यते – { $services }
notice-necessary = सेवार्थम् आवश्यकम्
notice-officer = भवत्प्रश्नानाम् अभियोगानां च उत्तरं यतः लभ्यते
notice-withdraw-link = सम्मतिः कथं प्रत्याहर्तुं शक्यते
notice-rights-link = भवदधिकाराः
notice-complaint-link = दत्तांशसंरक्षणमण्डले अभियोगः कथं करणीयः

## The question of an organisation

question-title = { $organisation } इति संस्था भवत्सम्मतिं याचते
question-intro = प्रत्येकं प्रयोजनस्य कृते उत्तरं चिनोतु। पूर्वमेव किमपि न चितम्। अस्वीकर्तुम् अपि शक्यते, पश्चात् सम्मतिः प्रत्याहर्तुम् अपि शक्यते।
question-agree = अहं स्वीकरोमि
question-refuse = अहं न स्वीकरोमि
question-send = मम उत्तराणि रक्षतु
question-unanswered = कृपया प्रत्येकं प्रयोजनस्य उत्तरं ददातु। एतेषाम् उत्तरम् अद्यापि न दत्तम् –
question-until = स्वीकृते सति भवत्सम्मतिः { $date } दिनाङ्के समाप्ता भविष्यति, यदि ततः पूर्वं न प्रत्याह्रियते।
answered-title = भवदुत्तराणि रक्षितानि
answered-agreed = स्वीकृतम्
answered-refused = अस्वीकृतम्
answered-before = एतेषां प्रश्नानाम् उत्तराणि पूर्वमेव दत्तानि।
answered-receipt = प्राप्तिपत्रम् अवतारयतु
answered-return = { $organisation } इति संस्थां प्रति गच्छतु

## History

history-title = इतिहासः
history-empty = किमपि न अभिलिखितम्।
history-given = प्रश्नाः पृष्टाः, भवदुत्तराणि च अभिलिखितानि।
history-withdrawn = भवत्सम्मतिः प्रत्याहृता।
history-part-withdrawn = भवत्सम्मतेः एकः भागः प्रत्याहृतः।
history-renewed = भवत्सम्मतेः स्थाने नूतनम् उत्तरं स्थापितम्।
history-erased = भवद्दत्तांशः विलोपितः।
history-other = भवत्सम्मतिः परिवर्तिता।
history-here = एतत् अस्मिन् पृष्ठे भवत्कृतम् अस्ति।
history-by-organisation = { $organisation } इति संस्थया अभिलिखितम्।
history-verified = एतासां घटनानाम् अभिलेखः सम्पूर्णः अपरिवर्तितः च अस्ति।
history-not-verified = एतासां घटनानाम् अभिलेखः दूषितः। कृपया { $organisation } इति संस्थायाम् अभियोगं करोतु।
older = पुरातनतराणि

## Who was told to stop

told-title = उपयोगं समापयितुं के सूचिताः
told-intro = सम्मतौ प्रत्याहृतायां, भवद्दत्तांशस्य प्रापकाणां सूच्यां ये सन्ति, तान् सर्वान् { $organisation } इति संस्था सूचयति।
told-empty = कोऽपि सूचनीयः नासीत्।
told-not-yet = अद्यापि न सूचितम्
told-at = { $date } दिनाङ्के सूचितम्
told-waiting = अद्यापि न दृढीकृतम्
told-overdue = { $date } दिनाङ्कं यावत् दृढीकरणीयम् आसीत्
told-confirmed = { $date } दिनाङ्के दृढीकृतम्
told-ceased = उपयोगः समापितः
told-erased = भवद्दत्तांशः विलोपितः
told-not-held = भवद्दत्तांशः तत्र नास्ति
told-retained = विधिना आवश्यकत्वात् भवद्दत्तांशः तत्र रक्ष्यते
told-refused = उपयोगस्य समापनम् अस्वीकृतम्

## Complaints

grievances-title = अभियोगाः
grievances-intro = भवद्दत्तांशस्य उपयोगविषये अभियोगः कर्तुं शक्यते। { $days } दिनानाम् अभ्यन्तरे उत्तरं दास्यते।
grievances-empty = भवत्पक्षतः कोऽपि अभियोगः न कृतः।
grievance-text = भवदभियोगः
grievance-send = अभियोगं प्रेषयतु
grievance-missing = कृपया अभियोगं लिखतु। तत्र अक्षराणां सङ्ख्या अधिकतमं { $count } भवितुम् अर्हति।
grievance-sent = भवदभियोगः प्राप्तः। तस्य सङ्ख्या { $number } अस्ति।
grievance-sent-before = एषः अभियोगः पूर्वमेव प्राप्तः।
grievance-number = सङ्ख्या { $number }
grievance-submitted = प्राप्तः
grievance-in-review = परीक्ष्यमाणः
grievance-resolved = समाहितः
grievance-rejected = निराकृतः
grievance-erased = विलोपितः
grievance-made-on = { $date } दिनाङ्के कृतः
grievance-answer-by = { $date } दिनाङ्कं यावत् उत्तरं देयम्
grievance-answer = उत्तरम् – { $text }

## A copy of the data

copy-title = मम दत्तांशस्य प्रतिलिपिः
copy-intro = अस्यां सञ्चिकायां भवत्सम्बद्धाः सर्वे अभिलेखाः प्रमाणैः सह सन्ति। एषा सङ्गणकार्थम् अस्ति; विश्वासपात्रं यः कोऽपि जनः एतां परीक्षितुं शक्नोति।
copy-download = मम दत्तांशम् अवतारयतु
copy-receipts = प्राप्तिपत्राणि

## Erasure

erasure-title = मम दत्तांशं विलोपयतु
erasure-intro = भवत्सम्मतयः समाप्ताः भविष्यन्ति, { $organisation } इति संस्था च स्वकीयेभ्यः अभिलेखेभ्यः भवन्नाम अपाकरिष्यति। एतत् पुनः पूर्ववत् कर्तुं न शक्यते।
erasure-kept = विधिना आवश्यकत्वात् किञ्चित् रक्ष्यते – अभिलेखाः आसन् इति केवलं, भवन्नाम विना।
erasure-confirm = मम दत्तांशः विलोप्यताम् इति अहम् इच्छामि
erasure-unconfirmed = कृपया प्रथमं कोष्ठके चिह्नं करोतु।
erasure-send = मम दत्तांशम् अधुना विलोपयतु
erased-title = भवद्दत्तांशः विलोपितः
erased-number = भवत्प्रार्थनायाः सङ्ख्या { $number } अस्ति। तां रक्षतु, यतः अधुना अन्येन केनापि उपायेन सा प्रार्थना न लभ्यते।
erased-in-progress = भवद्दत्तांशस्य एकः भागः विलोपितः। शेषं विलोपयितुं पिञ्जं नुदतु।

## The link

open-title = { $organisation } इति संस्थायां भवत्पृष्ठम्
open-intro = स्वपृष्ठम् उद्घाटयितुं पिञ्जं नुदतु। एतत् एकवारमेव कार्यं करोति।
open-button = मम पृष्ठम् उद्घाटयतु

## Errors

error-title = एतत् न सिद्धम्
error-link = एषः परिसन्धिः अधुना कार्यं न करोति। तस्य उपयोगः पूर्वमेव कृतः, अथवा तस्य कालः समाप्तः। नूतनं परिसन्धिं याचताम्।
error-session = एतस्य पृष्ठस्य दर्शनकालः समाप्तः। नूतनं परिसन्धिं याचताम्।
error-form = एतत् प्रपत्रम् अतिपुरातनम् अस्ति, अथवा अन्यस्मात् पृष्ठात् आगतम्। किमपि न परिवर्तितम्। कृपया पुनः प्रयतताम्।
error-not-found = एतत् पृष्ठं नास्ति।
error-not-allowed = एतत् अत्र कर्तुं न शक्यते। { $organisation } इति संस्थां पृच्छतु।
error-conflict = अत्रान्तरे एतत् परिवर्तितम्। कृपया स्वपृष्ठं पुनः पश्यतु।
error-too-large = यत् प्रेषितं, तत् अतिदीर्घम् अस्ति।
error-unavailable = अधुना सेवा न लभ्यते। कृपया एकनिमेषानन्तरं पुनः प्रयतताम्।
error-internal = कश्चन दोषः अभवत्। सः अभिलिखितः।
error-number = अस्य दोषस्य सङ्ख्या – { $number }
error-back = मम पृष्ठं प्रति गच्छतु
