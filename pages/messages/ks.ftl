### کٲشُر (ks). Translated from English; no native speaker has reviewed it.

## The frame of every page

language-name = کٲشُر
page-name = { $organisation } اِدارَس نِش تُہنٛزٕ رضامندِیہٕ
navigation = صَفہٕ
nav-home = میانہِ رضامندِیہٕ
nav-history = پٔتِم ریکارڈ
nav-told = کَمَن آو وَننہٕ
nav-grievances = شِکایات
nav-copy = میٛون ڈیٹا
nav-erasure = میٛون ڈیٹا مِٹٲوِو
languages = زَبانہٕ
unreviewed = کُنہِ کٲشُر بولَن وٲلؠ چھُ نہٕ وُنہِ یہِ تَرجُمہٕ جانٛچمُت۔
date = { $day } { $month } { $year }
month-1 = جنؤری
month-2 = فرؤری
month-3 = مارٕچ
month-4 = اپریل
month-5 = مئی
month-6 = جوٗن
month-7 = جوٗلایی
month-8 = اگست
month-9 = ستمبر
month-10 = اکتوٗبر
month-11 = نومبر
month-12 = دسمبر

## What the person agreed to

home-title = کِمَن مقصدَن خٲطرٕ چھےٚ تۄہہِ رضامندی دِژمٕژ
home-intro = تُہؠ ہیٚکِو کُنہِ تہِ وقتہٕ رضامندی واپس ہیٚتھ۔ واپس ہیوٚن چھُ تیوٗتُے آسان یوٗت رضامندی دِیُن۔
home-empty = { $organisation } اِدارَس نِش چھےٚ نہٕ تُہٕنٛز کانٛہہ رضامندی۔
home-shortened = صِرف ساروِے کھۄتہٕ نٔوؠ { $count } ریکارڈ چھِ ہاونہٕ آمٕتؠ۔
state-granted = { $date } دۄہ دِژ تۄہہِ رضامندی۔
state-until = تُہٕنٛز رضامندی گژھِ { $date } دۄہ ختم۔
state-denied = { $date } دۄہ کۆر تۄہہِ اِنکار۔
state-withdrawn = { $date } دۄہ ہیٚژ تۄہہِ رضامندی واپس۔
state-expired = تُہٕنٛز رضامندی گٔیہِ { $date } دۄہ ختم۔
state-renewed = { $date } دۄہ دیُت تۄہہِ اَمیُک جواب دُبارٕ۔
withdraw = واپس ہیٚیِو
withdraw-purpose = واپس ہیٚیِو: { $purpose }
withdraw-all = سٲری واپس ہیٚیِو
read-notice = سُہ نوٹِس پٔرِو یُس تۄہہِ ہاونہٕ آو
receipt = رسیٖد
done-withdrawn = تُہٕنٛز رضامندی آیہِ واپس ہیٚنہٕ۔ وۄنؠ چھُ { $organisation } اِدارَس لازِم زِ اَمہِ کٲمہِ خٲطرٕ کَرِ تُہُنٛد ڈیٹا اِستِعمال کَرُن بَنٛد۔
done-withdrawn-before = یہِ رضامندی چھےٚ برٛونٛہے واپس ہیٚنہٕ آمٕژ۔
done-in-progress = اَمیُک اَکھ حِصہٕ آو واپس ہیٚنہٕ۔ باقی واپس ہیٚنہٕ خٲطرٕ دَبٲوِو بَٹَن بیٚیہِ اَکہِ لَٹہِ۔

## A notice

notice-title = نوٹِس
notice-other-language = یہِ نوٹِس چھُ نہٕ { $language } زَبٲنؠ مَنٛز دٔستِیاب۔ تۄہہِ چھُ یہِ { $shown } زَبٲنؠ مَنٛز ہاونہٕ یِوان۔
notice-data = یُس ذٲتی ڈیٹا اِستِعمال چھُ گژھان
notice-purposes = یہِ کَتھ کٲمہِ خٲطرٕ چھُ اِستِعمال گژھان
notice-services = اَمہِ سٟتؠ یِم خِدمات میلان چھِ: { $services }
notice-necessary = خِدمَتہٕ خٲطرٕ ضروٗری
notice-officer = تُہٕنٛدؠن سَوالَن تہٕ شِکایاتَن ہُنٛد جواب کُس چھُ دِوان
notice-withdraw-link = رضامندی کِتھ پٲٹھؠ ہیٚیِو واپس
notice-rights-link = تُہٕنٛدؠ حق
notice-complaint-link = ڈیٹا پروٹیکشن بورڈَس کِتھ پٲٹھؠ کٔرِو شِکایت

## The question of an organisation

question-title = { $organisation } اِدارٕ چھُ تۄہہِ نِش رضامندی مَنٛگان
question-intro = ہَر مقصدَس خٲطرٕ ژٲرِو اَکھ جواب۔ تُہنٛدِ طرفہٕ چھُ نہٕ برٛونٛہے کینٛہہ ژارنہٕ آمُت۔ تُہؠ ہیٚکِو اِنکار کٔرِتھ، تہٕ دِژمٕژ رضامندی ہیٚکِو پَتہٕ واپس تہِ ہیٚتھ۔
question-agree = مےٚ چھُ منظوٗر
question-refuse = مےٚ چھُ نہٕ منظوٗر
question-send = میٲنؠ جواب محفوٗظ کٔرِو
question-unanswered = مہربٲنی کٔرِتھ دِیِو ہَر مقصدُک جواب۔ یِمَن ہُنٛد جواب چھُ وُنہِ باقی:
question-until = اگر تُہؠ رضامندی دِیِو تہٕ برٛونٛہہ واپس ہیٚیِو نہٕ، تیٚلہِ گژھِ یہِ { $date } دۄہ ختم۔
answered-title = تُہٕنٛدؠ جواب آیہِ محفوٗظ کرنہٕ
answered-agreed = تۄہہِ دِژ رضامندی
answered-refused = تۄہہِ کۆر اِنکار
answered-before = یِمَن سَوالَن ہٕنٛدؠ جواب چھِ برٛونٛہے دِنہٕ آمٕتؠ۔
answered-receipt = رسیٖد ڈاوٗنلوڈ کٔرِو
answered-return = { $organisation } اِدارَس کُن واپس گٔژھِو

## History

history-title = پٔتِم ریکارڈ
history-empty = کینٛہہ چھُ نہٕ دَرٕج۔
history-given = تۄہہِ آو پرٛژھنہٕ، تہٕ تُہٕنٛدؠ جواب آیہِ دَرٕج کرنہٕ۔
history-withdrawn = تُہٕنٛز رضامندی آیہِ واپس ہیٚنہٕ۔
history-part-withdrawn = تُہنٛزِ رضامندی ہُنٛد اَکھ حِصہٕ آو واپس ہیٚنہٕ۔
history-renewed = تُہنٛزِ رضامندی بَدلہٕ آو نۆو جواب دَرٕج کرنہٕ۔
history-erased = تُہُنٛد ڈیٹا آو مِٹاونہٕ۔
history-other = تُہنٛزِ رضامندی مَنٛز آیہِ تبدیٖلی کرنہٕ۔
history-here = یہِ کۆر تۄہہِ یَتھ صَفَس پؠٹھ۔
history-by-organisation = یہِ کۆر { $organisation } اِدارَن دَرٕج۔
history-verified = یِمَن واقعاتَن ہُنٛد ریکارڈ چھُ مُکَمَل تہٕ اَتھ مَنٛز چھےٚ نہٕ کانٛہہ تبدیٖلی گٔمٕژ۔
history-not-verified = یِمَن واقعاتَن ہُنٛد ریکارڈ چھُ خراب گۆمُت۔ مہربٲنی کٔرِتھ کٔرِو { $organisation } اِدارَس شِکایت۔
older = زیادٕ پرٛٲنؠ

## Who was told to stop

told-title = بَنٛد کرنہٕ خٲطرٕ کَمَن آو وَننہٕ
told-intro = ییٚلہِ تُہؠ رضامندی واپس ہیوان چھِو، { $organisation } اِدارٕ چھُ تِمَن سارِنٕے وَنان یِم تُہُنٛد ڈیٹا ہیٚنہٕ والؠن ہٕنٛز فہرستَس مَنٛز چھِ۔
told-empty = کٲنٛسہِ ٲس نہٕ وَننٕچ ضروٗرَت۔
told-not-yet = وُنہِ چھُ نہٕ وَننہٕ آمُت
told-at = { $date } دۄہ آو وَننہٕ
told-waiting = وُنہِ چھےٚ نہٕ تصدیٖق کٔرمٕژ
told-overdue = { $date } تام ٲس تصدیٖق کَرٕنؠ ضروٗری
told-confirmed = { $date } دۄہ کٔر تصدیٖق
told-ceased = اِستِعمال چھُ بَنٛد کۆرمُت
told-erased = تُہُنٛد ڈیٹا چھُ مِٹاونہٕ آمُت
told-not-held = یِمَن نِش چھُ نہٕ تُہُنٛد کانٛہہ ڈیٹا
told-retained = تُہُنٛد ڈیٹا چھُ تھاونہٕ آمُت، تِکیازِ قونوٗنہٕ مُطٲبِق چھُ یہِ ضروٗری
told-refused = بَنٛد کرنہٕ نِشہِ کۆر اِنکار

## Complaints

grievances-title = شِکایات
grievances-intro = تُہُنٛد ڈیٹا یِتھہٕ پٲٹھؠ اِستِعمال چھُ گژھان، تُہؠ ہیٚکِو تَتھ مُتعلِق شِکایت کٔرِتھ۔ تۄہہِ میلہِ { $days } دۄہَن اَنٛدر جواب۔
grievances-empty = تۄہہِ چھےٚ نہٕ کانٛہہ شِکایت کٔرمٕژ۔
grievance-text = تُہٕنٛز شِکایت
grievance-send = شِکایت سوٗزِو
grievance-missing = مہربٲنی کٔرِتھ لیٖکھِو پَنٕنؠ شِکایت۔ یہِ ہیٚکہِ زیادٕ کھۄتہٕ زیادٕ { $count } حَرفَن ہٕنٛز ٲسِتھ۔
grievance-sent = تُہٕنٛز شِکایت آیہِ وَصوٗل کرنہٕ۔ اَمیُک نَمبر چھُ { $number }۔
grievance-sent-before = یہِ شِکایت چھےٚ برٛونٛہے وَصوٗل کرنہٕ آمٕژ۔
grievance-number = نَمبر { $number }
grievance-submitted = وَصوٗل گٔیہِ
grievance-in-review = جانٛچ چھےٚ چَلان
grievance-resolved = حَل گٔیہِ
grievance-rejected = نامنظوٗر
grievance-erased = مِٹاونہٕ آیہِ
grievance-made-on = { $date } دۄہ کرنہٕ آیہِ
grievance-answer-by = { $date } تام گژھِ جواب میلُن
grievance-answer = جواب: { $text }

## A copy of the data

copy-title = میانِ ڈیٹاہٕچ نَقٕل
copy-intro = یَتھ فایلہِ مَنٛز چھُ تُہُنٛد ہَر ریکارڈ پَنٕنِس ثبوٗتَس سٟتؠ۔ یہِ چھےٚ کَمپیوٗٹَر خٲطرٕ بَناونہٕ آمٕژ؛ یَس پؠٹھ تۄہہِ بَروسہٕ آسہِ، سُہ ہیٚکہِ یہِ جانٛچِتھ۔
copy-download = میٛون ڈیٹا ڈاوٗنلوڈ کٔرِو
copy-receipts = رسیٖدٕ

## Erasure

erasure-title = میٛون ڈیٹا مِٹٲوِو
erasure-intro = تُہنٛزٕ رضامندِیہٕ گژھَن ختم، تہٕ { $organisation } اِدارٕکہِ ریکارڈٕ مَنٛزٕ یِیہِ تُہُنٛد ناو کَڈنہٕ۔ پَتہٕ ہیٚکہِ نہٕ یہِ واپس بَدلاونہٕ یِتھ۔
erasure-kept = قونوٗنہٕ کِنؠ چھِ کینٛہہ چیٖز تھاونہٕ یِوان: یہِ زِ ریکارڈ ٲسؠ موجوٗد، تُہنٛدِ ناوٕ وَرٲے۔
erasure-confirm = میٲنؠ مرضی چھےٚ زِ میٛون ڈیٹا یِیہِ مِٹاونہٕ
erasure-unconfirmed = مہربٲنی کٔرِتھ کٔرِو گۄڈٕ خانَس پؠٹھ نِشان۔
erasure-send = میٛون ڈیٹا مِٹٲوِو وۄنؠ
erased-title = تُہُنٛد ڈیٹا آو مِٹاونہٕ
erased-number = تُہنٛزِ دَرخواستہِ ہُنٛد نَمبر چھُ { $number }۔ یہِ تھٲوِو سَنبھٲلِتھ: وۄنؠ میلہِ نہٕ اَمہِ وَرٲے یہِ دَرخواست۔
erased-in-progress = تُہنٛدِ ڈیٹاہُک اَکھ حِصہٕ آو مِٹاونہٕ۔ باقی مِٹاونہٕ خٲطرٕ دَبٲوِو بَٹَن۔

## The link

open-title = { $organisation } اِدارَس نِش تُہُنٛد صَفہٕ
open-intro = پَنُن صَفہٕ کھولنہٕ خٲطرٕ دَبٲوِو بَٹَن۔ یہِ چھُ صِرف اَکہِ لَٹہِ کٲم کَران۔
open-button = میٛون صَفہٕ کھوٗلِو

## Errors

error-title = یہِ ہیوٚک نہٕ سپدِتھ
error-link = یہِ لِنک چھُ نہٕ وۄنؠ کٲم کَران۔ یہِ چھُ برٛونٛہے اِستِعمال گۆمُت، یا چھُ اَمیُک وَقٕت ختم گۆمُت۔ نۆو لِنک مَنٛگِو۔
error-session = یَتھ صَفَس پؠٹھ گَو تُہُنٛد وَقٕت ختم۔ نۆو لِنک مَنٛگِو۔
error-form = یہِ فارم چھُ سؠٹھاہ پرٛون، یا چھُ بیٚیہِ صَفہٕ پؠٹھٕ آمُت۔ کینٛہہ آو نہٕ بَدلاونہٕ۔ مہربٲنی کٔرِتھ کٔرِو دُبارٕ کوٗشِش۔
error-not-found = یہِ صَفہٕ چھُ نہٕ موجوٗد۔
error-not-allowed = یہِ ہیٚکہِ نہٕ یَتہِ سپدِتھ۔ { $organisation } اِدارَس پرٛژھِو۔
error-conflict = یَتھ دوران گٔیہِ اَتھ مَنٛز تبدیٖلی۔ مہربٲنی کٔرِتھ وُچھِو پَنُن صَفہٕ دُبارٕ۔
error-too-large = یہِ تۄہہِ سوٗز، تہِ چھُ سؠٹھاہ زیوٗٹھ۔
error-unavailable = وُنکیٚن چھُ نہٕ سَروِسہِ سٟتؠ رٲبطہٕ سپدان۔ مہربٲنی کٔرِتھ کٔرِو اَکہِ مِنَٹہٕ پَتہٕ دُبارٕ کوٗشِش۔
error-internal = کینٛہہ گَو غلط۔ یہِ آو دَرٕج کرنہٕ۔
error-number = اَمہِ غلطی ہُنٛد نَمبر: { $number }
error-back = میٲنِس صَفَس کُن واپس
