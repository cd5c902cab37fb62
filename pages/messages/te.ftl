### తెలుగు (te). Translated from English; no native speaker has reviewed it.

## The frame of every page

language-name = తెలుగు
page-name = { $organisation } సంస్థలో మీ సమ్మతులు
navigation = పేజీలు
nav-home = నా సమ్మతులు
nav-history = ఇప్పటివరకు జరిగినవి
nav-told = ఎవరికి తెలియజేశారు
nav-grievances = ఫిర్యాదులు
nav-copy = నా సమాచారం
nav-erasure = నా సమాచారాన్ని తొలగించడం
languages = భాషలు
unreviewed = తెలుగు మాతృభాషగా ఉన్నవారు ఎవరూ ఈ అనువాదాన్ని ఇంకా సరిచూడలేదు.
date = { $day } { $month } { $year }
month-1 = జనవరి
month-2 = ఫిబ్రవరి
month-3 = మార్చి
month-4 = ఏప్రిల్
month-5 = మే
month-6 = జూన్
month-7 = జులై
month-8 = ఆగస్టు
month-9 = సెప్టెంబర్
month-10 = అక్టోబర్
month-11 = నవంబర్
month-12 = డిసెంబర్

## What the person agreed to

home-title = మీరు అంగీకరించినవి
home-intro = మీరు ఎప్పుడైనా మీ సమ్మతిని వెనక్కి తీసుకోవచ్చు. అంగీకరించడం ఎంత సులభమో, వెనక్కి తీసుకోవడం కూడా అంతే సులభం.
home-empty = { $organisation } సంస్థ దగ్గర మీ సమ్మతి ఏదీ లేదు.
home-shortened = ఇటీవలి { $count } నమోదులు మాత్రమే చూపిస్తున్నాం.
state-granted = మీరు { $date }న అంగీకరించారు.
state-until = మీ సమ్మతి { $date }న ముగుస్తుంది.
state-denied = మీరు { $date }న తిరస్కరించారు.
state-withdrawn = మీరు { $date }న సమ్మతిని వెనక్కి తీసుకున్నారు.
state-expired = మీ సమ్మతి { $date }న ముగిసింది.
state-renewed = మీరు { $date }న దీనికి మళ్లీ జవాబు ఇచ్చారు.
withdraw = వెనక్కి తీసుకోండి
withdraw-purpose = వెనక్కి తీసుకోండి: { $purpose }
withdraw-all = అన్నీ వెనక్కి తీసుకోండి
read-notice = మీకు చూపించిన నోటీసు చదవండి
receipt = రసీదు
done-withdrawn = మీ సమ్మతిని వెనక్కి తీసుకున్నారు. దీని కోసం మీ సమాచారాన్ని వాడటం { $organisation } సంస్థ ఆపాలి.
done-withdrawn-before = దీన్ని ఇంతకు ముందే వెనక్కి తీసుకున్నారు.
done-in-progress = ఇందులో కొంత భాగాన్ని వెనక్కి తీసుకున్నారు. మిగిలినది వెనక్కి తీసుకోవడానికి బటన్ మరోసారి నొక్కండి.

## A notice

notice-title = నోటీసు
notice-other-language = ఈ నోటీసు { $language } భాషలో లేదు. దీన్ని { $shown } భాషలో చూపిస్తున్నాం.
notice-data = వాడే వ్యక్తిగత సమాచారం
notice-purposes = దేని కోసం వాడతారు
notice-services = దీని వల్ల అందే సేవలు: { $services }
notice-necessary = సేవకు అవసరం
notice-officer = మీ ప్రశ్నలకు, ఫిర్యాదులకు జవాబు ఇచ్చేవారు
notice-withdraw-link = సమ్మతిని ఎలా వెనక్కి తీసుకోవాలి
notice-rights-link = మీ హక్కులు
notice-complaint-link = డేటా రక్షణ బోర్డుకు ఎలా ఫిర్యాదు చేయాలి

## The question of an organisation

question-title = { $organisation } సంస్థ మీ సమ్మతిని అడుగుతోంది
question-intro = ప్రతి ఉద్దేశానికి ఒక జవాబును ఎంచుకోండి. మీ తరఫున ముందుగా ఏదీ ఎంచుకోలేదు. మీరు తిరస్కరించవచ్చు, తర్వాత సమ్మతిని వెనక్కి కూడా తీసుకోవచ్చు.
question-agree = నేను అంగీకరిస్తున్నాను
question-refuse = నేను తిరస్కరిస్తున్నాను
question-send = నా జవాబులను సేవ్ చేయండి
question-unanswered = దయచేసి ప్రతి ఉద్దేశానికి జవాబు ఇవ్వండి. వీటికి ఇంకా జవాబు లేదు:
question-until = మీరు అంగీకరిస్తే, మీ సమ్మతి { $date }న ముగుస్తుంది; మీరు అంతకు ముందే వెనక్కి తీసుకుంటే అప్పుడే ముగుస్తుంది.
answered-title = మీ జవాబులు సేవ్ అయ్యాయి
answered-agreed = మీరు అంగీకరించినవి
answered-refused = మీరు తిరస్కరించినవి
answered-before = ఈ ప్రశ్నలకు ఇంతకు ముందే జవాబు ఇచ్చారు.
answered-receipt = రసీదును డౌన్‌లోడ్ చేయండి
answered-return = { $organisation } సైటుకు తిరిగి వెళ్లండి

## History

history-title = ఇప్పటివరకు జరిగినవి
history-empty = ఏదీ నమోదు కాలేదు.
history-given = మిమ్మల్ని అడిగారు, మీ జవాబులను నమోదు చేశారు.
history-withdrawn = మీ సమ్మతిని వెనక్కి తీసుకున్నారు.
history-part-withdrawn = మీ సమ్మతిలో కొంత భాగాన్ని వెనక్కి తీసుకున్నారు.
history-renewed = మీ సమ్మతి స్థానంలో కొత్త జవాబు నమోదైంది.
history-erased = మీ సమాచారాన్ని తొలగించారు.
history-other = మీ సమ్మతిని మార్చారు.
history-here = మీరు దీన్ని ఈ పేజీలో చేశారు.
history-by-organisation = దీన్ని { $organisation } సంస్థ నమోదు చేసింది.
history-verified = ఈ ఘటనల నమోదు పూర్తిగా ఉంది, దాన్ని మార్చలేదు.
history-not-verified = ఈ ఘటనల నమోదు దెబ్బతింది. దయచేసి { $organisation } సంస్థకు ఫిర్యాదు చేయండి.
older = పాతవి

## Who was told to stop

told-title = వాడకం ఆపమని ఎవరికి తెలియజేశారు
told-intro = మీరు సమ్మతిని వెనక్కి తీసుకున్నప్పుడు, మీ సమాచారం అందుకునేవారి జాబితాలో ఉన్న అందరికీ { $organisation } సంస్థ ఆ సంగతి తెలియజేస్తుంది.
told-empty = ఎవరికీ తెలియజేయాల్సిన అవసరం రాలేదు.
told-not-yet = ఇంకా తెలియజేయలేదు
told-at = { $date }న తెలియజేశారు
told-waiting = ఇంకా నిర్ధారించలేదు
told-overdue = { $date } తేదీలోగా నిర్ధారించి ఉండాల్సింది
told-confirmed = { $date }న నిర్ధారించారు
told-ceased = వాడటం ఆపేశారు
told-erased = మీ సమాచారాన్ని తొలగించారు
told-not-held = వీరి దగ్గర మీ సమాచారం ఏదీ లేదు
told-retained = చట్టం ప్రకారం తప్పనిసరి కాబట్టి మీ సమాచారాన్ని ఉంచుకున్నారు
told-refused = వాడటం ఆపడానికి నిరాకరించారు

## Complaints

grievances-title = ఫిర్యాదులు
grievances-intro = మీ సమాచారాన్ని వాడుతున్న తీరుపై మీరు ఫిర్యాదు చేయవచ్చు. { $days } రోజుల లోపు మీకు జవాబు వస్తుంది.
grievances-empty = మీరు ఏ ఫిర్యాదూ చేయలేదు.
grievance-text = మీ ఫిర్యాదు
grievance-send = ఫిర్యాదు పంపండి
grievance-missing = దయచేసి మీ ఫిర్యాదు రాయండి. గరిష్ఠంగా { $count } అక్షరాలు ఉండవచ్చు.
grievance-sent = మీ ఫిర్యాదు అందింది. దాని నంబర్: { $number }.
grievance-sent-before = ఈ ఫిర్యాదు ఇంతకు ముందే అందింది.
grievance-number = నంబర్ { $number }
grievance-submitted = అందింది
grievance-in-review = పరిశీలిస్తున్నారు
grievance-resolved = పరిష్కరించారు
grievance-rejected = తిరస్కరించారు
grievance-erased = తొలగించారు
grievance-made-on = { $date }న ఇచ్చారు
grievance-answer-by = { $date } తేదీలోగా జవాబు రావాలి
grievance-answer = జవాబు: { $text }

## A copy of the data

copy-title = నా సమాచారం కాపీ
copy-intro = ఈ ఫైలులో మీ నమోదులన్నీ వాటి రుజువులతో సహా ఉంటాయి. ఇది కంప్యూటర్ల కోసం తయారైంది; మీరు నమ్మే ఎవరైనా దీన్ని సరిచూడవచ్చు.
copy-download = నా సమాచారాన్ని డౌన్‌లోడ్ చేయండి
copy-receipts = రసీదులు

## Erasure

erasure-title = నా సమాచారాన్ని తొలగించడం
erasure-intro = మీ సమ్మతులు ముగుస్తాయి, { $organisation } సంస్థ తన నమోదుల నుండి మీ పేరును తొలగిస్తుంది. దీన్ని మళ్లీ వెనక్కి మార్చలేరు.
erasure-kept = చట్టం ప్రకారం తప్పనిసరి కాబట్టి కొంత భాగాన్ని ఉంచుతారు: నమోదులు ఉండేవి అనే విషయం మాత్రమే, మీ పేరు లేకుండా.
erasure-confirm = నా సమాచారాన్ని తొలగించాలని నేను కోరుకుంటున్నాను
erasure-unconfirmed = దయచేసి ముందుగా పెట్టెలో టిక్ పెట్టండి.
erasure-send = నా సమాచారాన్ని ఇప్పుడే తొలగించండి
erased-title = మీ సమాచారాన్ని తొలగించారు
erased-number = మీ అభ్యర్థన నంబర్: { $number }. దీన్ని జాగ్రత్తగా ఉంచుకోండి; ఈ నంబర్ లేకుండా ఇకపై మీ అభ్యర్థనను కనుగొనలేరు.
erased-in-progress = మీ సమాచారంలో కొంత భాగాన్ని తొలగించారు. మిగిలినది తొలగించడానికి బటన్ నొక్కండి.

## The link

open-title = { $organisation } సంస్థలో మీ పేజీ
open-intro = మీ పేజీని తెరవడానికి బటన్ నొక్కండి. ఇది ఒక్కసారి మాత్రమే పనిచేస్తుంది.
open-button = నా పేజీని తెరవండి

## Errors

error-title = ఇది జరగలేదు
error-link = ఈ లింక్ ఇక పనిచేయదు. దీన్ని ఇంతకు ముందే వాడారు లేదా దీని గడువు ముగిసింది. కొత్త లింక్ అడగండి.
error-session = మీరు ఈ పేజీ చూసే సమయం ముగిసింది. కొత్త లింక్ అడగండి.
error-form = ఈ ఫారం చాలా పాతది లేదా వేరే పేజీ నుండి వచ్చింది. ఏదీ మారలేదు. దయచేసి మళ్లీ ప్రయత్నించండి.
error-not-found = ఈ పేజీ లేదు.
error-not-allowed = ఇది ఇక్కడ సాధ్యం కాదు. { $organisation } సంస్థను అడగండి.
error-conflict = ఈలోగా ఇది మారింది. దయచేసి మీ పేజీని మళ్లీ చూడండి.
error-too-large = మీరు పంపింది చాలా పెద్దగా ఉంది.
error-unavailable = ప్రస్తుతం సేవ అందుబాటులో లేదు. దయచేసి ఒక నిమిషం తర్వాత మళ్లీ ప్రయత్నించండి.
error-internal = ఏదో పొరపాటు జరిగింది. దాన్ని నమోదు చేశాం.
error-number = ఈ లోపం నంబర్: { $number }
error-back = నా పేజీకి తిరిగి వెళ్లండి
