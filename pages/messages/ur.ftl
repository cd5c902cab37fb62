### اردو (ur). Translated from English; no native speaker has reviewed it.

## The frame of every page

language-name = اردو
page-name = { $organisation } کے پاس آپ کی رضامندیاں
navigation = صفحات
nav-home = میری رضامندیاں
nav-history = پچھلا ریکارڈ
nav-told = کس کس کو بتایا گیا
nav-grievances = شکایتیں
nav-copy = میرا ڈیٹا
nav-erasure = میرا ڈیٹا مٹائیں
languages = زبانیں
unreviewed = جن کی مادری زبان اردو ہے، ایسے کسی شخص نے ابھی تک اس ترجمے کی جانچ نہیں کی ہے۔
date = { $day } { $month } { $year }
month-1 = جنوری
month-2 = فروری
month-3 = مارچ
month-4 = اپریل
month-5 = مئی
month-6 = جون
month-7 = جولائی
month-8 = اگست
month-9 = ستمبر
month-10 = اکتوبر
month-11 = نومبر
month-12 = دسمبر

## What the person agreed to

home-title = آپ نے کس کس کام کی رضامندی دی ہے
home-intro = آپ کسی بھی وقت رضامندی واپس لے سکتے ہیں۔ واپس لینا اتنا ہی آسان ہے جتنا رضامندی دینا۔
home-empty = { $organisation } کے پاس آپ کی کوئی رضامندی نہیں ہے۔
home-shortened = صرف سب سے نئے { $count } ریکارڈ دکھائے گئے ہیں۔
state-granted = آپ نے { $date } کو رضامندی دی۔
state-until = آپ کی رضامندی { $date } کو ختم ہوگی۔
state-denied = آپ نے { $date } کو انکار کیا۔
state-withdrawn = آپ نے { $date } کو رضامندی واپس لی۔
state-expired = آپ کی رضامندی { $date } کو ختم ہو گئی۔
state-renewed = آپ نے { $date } کو اس کا دوبارہ جواب دیا۔
withdraw = واپس لیں
withdraw-purpose = واپس لیں: { $purpose }
withdraw-all = سب واپس لیں
read-notice = وہ نوٹس پڑھیں جو آپ کو دکھایا گیا تھا
receipt = رسید
done-withdrawn = آپ کی رضامندی واپس لے لی گئی ہے۔ اب { $organisation } پر لازم ہے کہ اس کام کے لیے آپ کے ڈیٹا کا استعمال بند ہو۔
done-withdrawn-before = یہ رضامندی پہلے ہی واپس لی جا چکی ہے۔
done-in-progress = اس کا ایک حصہ واپس لے لیا گیا ہے۔ باقی واپس لینے کے لیے بٹن ایک بار اور دبائیں۔

## A notice

notice-title = نوٹس
notice-other-language = یہ نوٹس { $language } زبان میں دستیاب نہیں ہے۔ یہ آپ کو { $shown } زبان میں دکھایا جا رہا ہے۔
notice-data = استعمال ہونے والا ذاتی ڈیٹا
notice-purposes = یہ کس کام کے لیے استعمال ہوتا ہے
notice-services = اس سے ملنے والی خدمات: { $services }
notice-necessary = خدمت کے لیے ضروری
notice-officer = آپ کے سوالوں اور شکایتوں کا جواب کون دیتا ہے
notice-withdraw-link = رضامندی کیسے واپس لیں
notice-rights-link = آپ کے حقوق
notice-complaint-link = ڈیٹا پروٹیکشن بورڈ میں شکایت کیسے کریں

## The question of an organisation

question-title = { $organisation } کو آپ کی رضامندی چاہیے
question-intro = ہر مقصد کے لیے ایک جواب چنیں۔ آپ کی طرف سے پہلے سے کچھ نہیں چنا گیا ہے۔ آپ انکار کر سکتے ہیں، اور دی ہوئی رضامندی بعد میں واپس بھی لے سکتے ہیں۔
question-agree = میں رضامند ہوں
question-refuse = میں رضامند نہیں ہوں
question-send = میرے جواب محفوظ کریں
question-unanswered = براہِ کرم ہر مقصد کا جواب دیں۔ ان کا جواب ابھی باقی ہے:
question-until = اگر آپ رضامندی دیں اور اسے پہلے واپس نہ لیں، تو وہ { $date } کو ختم ہوگی۔
answered-title = آپ کے جواب محفوظ ہو گئے ہیں
answered-agreed = آپ نے رضامندی دی
answered-refused = آپ نے انکار کیا
answered-before = ان سوالوں کے جواب پہلے ہی دیے جا چکے ہیں۔
answered-receipt = رسید ڈاؤن لوڈ کریں
answered-return = { $organisation } پر واپس جائیں

## History

history-title = پچھلا ریکارڈ
history-empty = کچھ بھی درج نہیں ہے۔
history-given = آپ سے پوچھا گیا اور آپ کے جواب درج کیے گئے۔
history-withdrawn = آپ کی رضامندی واپس لی گئی۔
history-part-withdrawn = آپ کی رضامندی کا ایک حصہ واپس لیا گیا۔
history-renewed = آپ کی رضامندی کی جگہ نیا جواب درج کیا گیا۔
history-erased = آپ کا ڈیٹا مٹا دیا گیا۔
history-other = آپ کی رضامندی میں تبدیلی کی گئی۔
history-here = یہ آپ نے اسی صفحے پر کیا۔
history-by-organisation = { $organisation } کی طرف سے درج کیا گیا۔
history-verified = ان واقعات کا ریکارڈ مکمل ہے اور اس میں کوئی تبدیلی نہیں ہوئی ہے۔
history-not-verified = ان واقعات کا ریکارڈ خراب ہو گیا ہے۔ براہِ کرم { $organisation } سے شکایت کریں۔
older = اور پرانے

## Who was told to stop

told-title = کس کس کو بند کرنے کے لیے کہا گیا
told-intro = جب آپ رضامندی واپس لیتے ہیں، تو { $organisation } کی طرف سے ان سب کو بتایا جاتا ہے جو آپ کا ڈیٹا پانے والوں کی فہرست میں ہیں۔
told-empty = کسی کو بتانے کی ضرورت نہیں تھی۔
told-not-yet = ابھی نہیں بتایا گیا
told-at = { $date } کو بتایا گیا
told-waiting = ابھی تصدیق نہیں کی ہے
told-overdue = { $date } تک تصدیق ہو جانی چاہیے تھی
told-confirmed = { $date } کو تصدیق کی
told-ceased = استعمال بند کر دیا ہے
told-erased = آپ کا ڈیٹا مٹا دیا ہے
told-not-held = ان کے پاس آپ کا کوئی ڈیٹا نہیں ہے
told-retained = آپ کا ڈیٹا رکھا ہے، کیونکہ قانون کے مطابق یہ ضروری ہے
told-refused = بند کرنے سے انکار کر دیا

## Complaints

grievances-title = شکایتیں
grievances-intro = آپ کا ڈیٹا جس طرح استعمال ہوتا ہے، آپ اس کی شکایت کر سکتے ہیں۔ آپ کو { $days } دن کے اندر جواب ملے گا۔
grievances-empty = آپ نے کوئی شکایت نہیں کی ہے۔
grievance-text = آپ کی شکایت
grievance-send = شکایت بھیجیں
grievance-missing = براہِ کرم اپنی شکایت لکھیں۔ یہ زیادہ سے زیادہ { $count } حروف کی ہو سکتی ہے۔
grievance-sent = آپ کی شکایت مل گئی ہے۔ اس کا نمبر { $number } ہے۔
grievance-sent-before = یہ شکایت پہلے ہی مل چکی ہے۔
grievance-number = نمبر { $number }
grievance-submitted = مل گئی
grievance-in-review = جانچ ہو رہی ہے
grievance-resolved = حل ہو گئی
grievance-rejected = نامنظور
grievance-erased = مٹا دی گئی
grievance-made-on = { $date } کو کی گئی
grievance-answer-by = { $date } تک جواب ملنا چاہیے
grievance-answer = جواب: { $text }

## A copy of the data

copy-title = میرے ڈیٹا کی نقل
copy-intro = اس فائل میں آپ کا ہر ریکارڈ اس کے ثبوت کے ساتھ ہے۔ یہ کمپیوٹر کے لیے بنی ہے؛ جس پر آپ کو بھروسا ہو، وہ اسے جانچ سکتا ہے۔
copy-download = میرا ڈیٹا ڈاؤن لوڈ کریں
copy-receipts = رسیدیں

## Erasure

erasure-title = میرا ڈیٹا مٹائیں
erasure-intro = آپ کی رضامندیاں ختم ہو جائیں گی، اور { $organisation } کے ریکارڈ سے آپ کا نام ہٹا دیا جائے گا۔ اسے پھر پہلے جیسا نہیں کیا جا سکتا۔
erasure-kept = قانون کی وجہ سے کچھ باتیں رکھی جاتی ہیں: یہ کہ ریکارڈ موجود تھے، آپ کے نام کے بغیر۔
erasure-confirm = مجھے اپنا ڈیٹا مٹوانا ہے
erasure-unconfirmed = براہِ کرم پہلے خانے پر نشان لگائیں۔
erasure-send = میرا ڈیٹا ابھی مٹائیں
erased-title = آپ کا ڈیٹا مٹا دیا گیا ہے
erased-number = آپ کی درخواست کا نمبر { $number } ہے۔ اسے سنبھال کر رکھیں: اب اس کے بغیر یہ درخواست نہیں مل سکتی۔
erased-in-progress = آپ کے ڈیٹا کا ایک حصہ مٹا دیا گیا ہے۔ باقی مٹانے کے لیے بٹن دبائیں۔

## The link

open-title = { $organisation } پر آپ کا صفحہ
open-intro = اپنا صفحہ کھولنے کے لیے بٹن دبائیں۔ یہ صرف ایک بار کام کرتا ہے۔
open-button = میرا صفحہ کھولیں

## Errors

error-title = یہ نہیں ہو سکا
error-link = یہ لنک اب کام نہیں کرتا۔ یہ پہلے استعمال ہو چکا ہے، یا اس کا وقت ختم ہو گیا ہے۔ نیا لنک مانگیں۔
error-session = اس صفحے پر آپ کا وقت ختم ہو گیا ہے۔ نیا لنک مانگیں۔
error-form = یہ فارم بہت پرانا ہے، یا کسی دوسرے صفحے سے آیا ہے۔ کچھ بھی نہیں بدلا گیا۔ براہِ کرم پھر کوشش کریں۔
error-not-found = یہ صفحہ موجود نہیں ہے۔
error-not-allowed = یہ یہاں نہیں ہو سکتا۔ { $organisation } سے پوچھیں۔
error-conflict = اس دوران اس میں تبدیلی ہو گئی ہے۔ براہِ کرم اپنا صفحہ پھر دیکھیں۔
error-too-large = آپ نے جو بھیجا وہ بہت لمبا ہے۔
error-unavailable = اس وقت سروس سے رابطہ نہیں ہو رہا ہے۔ براہِ کرم ایک منٹ بعد پھر کوشش کریں۔
error-internal = کچھ گڑبڑ ہو گئی۔ اسے درج کر لیا گیا ہے۔
error-number = اس گڑبڑ کا نمبر: { $number }
error-back = میرے صفحے پر واپس جائیں
