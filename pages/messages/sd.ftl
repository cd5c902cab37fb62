### سنڌي (sd). Translated from English; no native speaker has reviewed it.

## The frame of every page

language-name = سنڌي
page-name = { $organisation } وٽ توهان جون رضامنديون
navigation = صفحا
nav-home = منهنجون رضامنديون
nav-history = گذريل رڪارڊ
nav-told = ڪنهن ڪنهن کي ٻڌايو ويو
nav-grievances = شڪايتون
nav-copy = منهنجو ڊيٽا
nav-erasure = منهنجو ڊيٽا مِٽايو
languages = ٻوليون
unreviewed = جن جي مادري ٻولي سنڌي آهي، اهڙي ڪنهن به ماڻهوءَ اڃا هن ترجمي جي جاچ نه ڪئي آهي۔
date = { $day } { $month } { $year }
month-1 = جنوري
month-2 = فيبروري
month-3 = مارچ
month-4 = اپريل
month-5 = مئي
month-6 = جون
month-7 = جولاءِ
month-8 = آگسٽ
month-9 = سيپٽمبر
month-10 = آڪٽوبر
month-11 = نومبر
month-12 = ڊسمبر

## What the person agreed to

home-title = توهان ڪهڙن ڪمن لاءِ رضامندي ڏني آهي
home-intro = توهان ڪنهن به وقت رضامندي واپس وٺي سگهو ٿا۔ واپس وٺڻ ايترو ئي آسان آهي جيترو رضامندي ڏيڻ۔
home-empty = { $organisation } وٽ توهان جي ڪابه رضامندي ناهي۔
home-shortened = رڳو سڀ کان نوان { $count } رڪارڊ ڏيکاريا ويا آهن۔
state-granted = توهان { $date } تي رضامندي ڏني۔
state-until = توهان جي رضامندي { $date } تي ختم ٿيندي۔
state-denied = توهان { $date } تي انڪار ڪيو۔
state-withdrawn = توهان { $date } تي رضامندي واپس ورتي۔
state-expired = توهان جي رضامندي { $date } تي ختم ٿي وئي۔
state-renewed = توهان { $date } تي هن جو ٻيهر جواب ڏنو۔
withdraw = واپس وٺو
withdraw-purpose = واپس وٺو: { $purpose }
withdraw-all = سڀ واپس وٺو
read-notice = اهو نوٽيس پڙهو جيڪو توهان کي ڏيکاريو ويو هو
receipt = رسيد
done-withdrawn = توهان جي رضامندي واپس ورتي وئي آهي۔ هاڻي { $organisation } تي لازم آهي ته هن ڪم لاءِ توهان جي ڊيٽا جو استعمال بند ٿئي۔
done-withdrawn-before = هيءَ رضامندي اڳ ۾ ئي واپس ورتي وئي آهي۔
done-in-progress = ان جو هڪ حصو واپس ورتو ويو آهي۔ باقي واپس وٺڻ لاءِ بٽڻ هڪ ڀيرو ٻيهر دٻايو۔

## A notice

notice-title = نوٽيس
notice-other-language = هي نوٽيس { $language } ٻوليءَ ۾ موجود ناهي۔ هي توهان کي { $shown } ٻوليءَ ۾ ڏيکاريو پيو وڃي۔
notice-data = استعمال ٿيندڙ ذاتي ڊيٽا
notice-purposes = هي ڪهڙي ڪم لاءِ استعمال ٿئي ٿو
notice-services = ان سان ملندڙ خدمتون: { $services }
notice-necessary = خدمت لاءِ ضروري
notice-officer = توهان جي سوالن ۽ شڪايتن جو جواب ڪير ڏئي ٿو
notice-withdraw-link = رضامندي ڪيئن واپس وٺجي
notice-rights-link = توهان جا حق
notice-complaint-link = ڊيٽا پروٽيڪشن بورڊ ۾ شڪايت ڪيئن ڪجي

## The question of an organisation

question-title = { $organisation } کي توهان جي رضامندي گهرجي
question-intro = هر مقصد لاءِ هڪ جواب چونڊيو۔ توهان جي طرفان اڳ ۾ ڪجهه به نه چونڊيو ويو آهي۔ توهان انڪار ڪري سگهو ٿا، ۽ ڏنل رضامندي پوءِ واپس به وٺي سگهو ٿا۔
question-agree = مان راضي آهيان
question-refuse = مان راضي نه آهيان
question-send = منهنجا جواب محفوظ ڪريو
question-unanswered = مهرباني ڪري هر مقصد جو جواب ڏيو۔ هنن جو جواب اڃا باقي آهي:
question-until = جيڪڏهن توهان رضامندي ڏيو ۽ ان کي اڳ ۾ واپس نه وٺو، ته اها { $date } تي ختم ٿيندي۔
answered-title = توهان جا جواب محفوظ ٿي ويا آهن
answered-agreed = توهان رضامندي ڏني
answered-refused = توهان انڪار ڪيو
answered-before = هنن سوالن جا جواب اڳ ۾ ئي ڏنا ويا آهن۔
answered-receipt = رسيد ڊائون لوڊ ڪريو
answered-return = { $organisation } ڏانهن واپس وڃو

## History

history-title = گذريل رڪارڊ
history-empty = ڪجهه به درج ناهي۔
history-given = توهان کان پڇيو ويو، ۽ توهان جا جواب درج ڪيا ويا۔
history-withdrawn = توهان جي رضامندي واپس ورتي وئي۔
history-part-withdrawn = توهان جي رضامنديءَ جو هڪ حصو واپس ورتو ويو۔
history-renewed = توهان جي رضامنديءَ جي جاءِ تي نئون جواب درج ڪيو ويو۔
history-erased = توهان جو ڊيٽا مِٽايو ويو۔
history-other = توهان جي رضامنديءَ ۾ تبديلي ڪئي وئي۔
history-here = اهو توهان هن ئي صفحي تي ڪيو۔
history-by-organisation = { $organisation } پاران درج ڪيو ويو۔
history-verified = هنن واقعن جو رڪارڊ مڪمل آهي ۽ ان ۾ ڪابه تبديلي نه ٿي آهي۔
history-not-verified = هنن واقعن جو رڪارڊ خراب ٿي ويو آهي۔ مهرباني ڪري { $organisation } وٽ شڪايت ڪريو۔
older = وڌيڪ پراڻا

## Who was told to stop

told-title = ڪنهن ڪنهن کي بند ڪرڻ لاءِ چيو ويو
told-intro = جڏهن توهان رضامندي واپس وٺو ٿا، تڏهن { $organisation } پاران انهن سڀني کي ٻڌايو وڃي ٿو جيڪي توهان جو ڊيٽا وٺندڙن جي فهرست ۾ آهن۔
told-empty = ڪنهن کي به ٻڌائڻ جي ضرورت نه هئي۔
told-not-yet = اڃا نه ٻڌايو ويو آهي
told-at = { $date } تي ٻڌايو ويو
told-waiting = اڃا تصديق نه ڪئي آهي
told-overdue = { $date } تائين تصديق ٿيڻ گهربي هئي
told-confirmed = { $date } تي تصديق ڪئي
told-ceased = استعمال بند ڪيو آهي
told-erased = توهان جو ڊيٽا مِٽائي ڇڏيو آهي
told-not-held = هنن وٽ توهان جو ڪوبه ڊيٽا ناهي
told-retained = توهان جو ڊيٽا رکيو آهي، ڇو ته قانون موجب اهو ضروري آهي
told-refused = بند ڪرڻ کان انڪار ڪيو

## Complaints

grievances-title = شڪايتون
grievances-intro = توهان جو ڊيٽا جيئن استعمال ٿئي ٿو، توهان ان بابت شڪايت ڪري سگهو ٿا۔ توهان کي { $days } ڏينهن اندر جواب ملندو۔
grievances-empty = توهان ڪابه شڪايت نه ڪئي آهي۔
grievance-text = توهان جي شڪايت
grievance-send = شڪايت موڪليو
grievance-missing = مهرباني ڪري پنهنجي شڪايت لکو۔ اها وڌ ۾ وڌ { $count } اکرن جي ٿي سگهي ٿي۔
grievance-sent = توهان جي شڪايت ملي وئي آهي۔ ان جو نمبر { $number } آهي۔
grievance-sent-before = هيءَ شڪايت اڳ ۾ ئي ملي چڪي آهي۔
grievance-number = نمبر { $number }
grievance-submitted = ملي وئي
grievance-in-review = جاچ هلي رهي آهي
grievance-resolved = حل ٿي وئي
grievance-rejected = نامنظور
grievance-erased = مِٽائي وئي
grievance-made-on = { $date } تي ڪئي وئي
grievance-answer-by = { $date } تائين جواب ملڻ گهرجي
grievance-answer = جواب: { $text }

## A copy of the data

copy-title = منهنجي ڊيٽا جو نقل
copy-intro = هن فائيل ۾ توهان جو هر رڪارڊ ان جي ثبوت سان گڏ آهي۔ هي ڪمپيوٽر لاءِ آهي؛ جنهن تي توهان کي ڀروسو هجي، اهو ان کي جاچي سگهي ٿو۔
copy-download = منهنجو ڊيٽا ڊائون لوڊ ڪريو
copy-receipts = رسيدون

## Erasure

erasure-title = منهنجو ڊيٽا مِٽايو
erasure-intro = توهان جون رضامنديون ختم ٿي وينديون، ۽ { $organisation } جي رڪارڊ مان توهان جو نالو هٽايو ويندو۔ ان کي وري اڳ جهڙو نٿو ڪري سگهجي۔
erasure-kept = قانون جي ڪري ڪجهه ڳالهيون رکيون وڃن ٿيون: اهو ته رڪارڊ موجود هئا، توهان جي نالي کان سواءِ۔
erasure-confirm = منهنجي مرضي آهي ته منهنجو ڊيٽا مِٽايو وڃي
erasure-unconfirmed = مهرباني ڪري اڳ ۾ خاني تي نشان لڳايو۔
erasure-send = منهنجو ڊيٽا هاڻي مِٽايو
erased-title = توهان جو ڊيٽا مِٽايو ويو آهي
erased-number = توهان جي درخواست جو نمبر { $number } آهي۔ ان کي سنڀالي رکو: هاڻي ان کان سواءِ هيءَ درخواست نٿي ملي سگهي۔
erased-in-progress = توهان جي ڊيٽا جو هڪ حصو مِٽايو ويو آهي۔ باقي مِٽائڻ لاءِ بٽڻ دٻايو۔

## The link

open-title = { $organisation } تي توهان جو صفحو
open-intro = پنهنجو صفحو کولڻ لاءِ بٽڻ دٻايو۔ اهو رڳو هڪ ڀيرو ڪم ڪري ٿو۔
open-button = منهنجو صفحو کوليو

## Errors

error-title = اهو ٿي نه سگهيو
error-link = هي لنڪ هاڻي ڪم نٿو ڪري۔ اهو اڳ ۾ استعمال ٿي چڪو آهي، يا ان جو وقت ختم ٿي ويو آهي۔ نئون لنڪ گهرو۔
error-session = هن صفحي تي توهان جو وقت ختم ٿي ويو آهي۔ نئون لنڪ گهرو۔
error-form = هي فارم تمام پراڻو آهي، يا ڪنهن ٻئي صفحي تان آيو آهي۔ ڪجهه به نه بدلايو ويو۔ مهرباني ڪري وري ڪوشش ڪريو۔
error-not-found = هي صفحو موجود ناهي۔
error-not-allowed = اهو هتي نٿو ٿي سگهي۔ { $organisation } کان پڇو۔
error-conflict = ان وچ ۾ هن ۾ تبديلي ٿي وئي آهي۔ مهرباني ڪري پنهنجو صفحو وري ڏسو۔
error-too-large = توهان جيڪو موڪليو، اهو تمام ڊگهو آهي۔
error-unavailable = هن وقت سروس سان رابطو نٿو ٿي سگهي۔ مهرباني ڪري هڪ منٽ کان پوءِ وري ڪوشش ڪريو۔
error-internal = ڪا گڙٻڙ ٿي وئي۔ ان کي درج ڪيو ويو آهي۔
error-number = هن گڙٻڙ جو نمبر: { $number }
error-back = منهنجي صفحي ڏانهن واپس
