### বাংলা (bn). Translated from English; no native speaker has reviewed it.

## The frame of every page

language-name = বাংলা
page-name = { $organisation } সংস্থাকে দেওয়া আপনার সম্মতি
navigation = পাতাগুলি
nav-home = আমার সম্মতি
nav-history = ইতিহাস
nav-told = কাদের জানানো হয়েছে
nav-grievances = অভিযোগ
nav-copy = আমার তথ্য
nav-erasure = আমার তথ্য মুছুন
languages = ভাষা
unreviewed = বাংলা যাঁর মাতৃভাষা, এমন কেউ এখনও এই অনুবাদ যাচাই করেননি।
date = { $day } { $month } { $year }
month-1 = জানুয়ারি
month-2 = ফেব্রুয়ারি
month-3 = মার্চ
month-4 = এপ্রিল
month-5 = মে
month-6 = জুন
month-7 = জুলাই
month-8 = আগস্ট
month-9 = সেপ্টেম্বর
month-10 = অক্টোবর
month-11 = নভেম্বর
month-12 = ডিসেম্বর

## What the person agreed to

home-title = আপনি যাতে সম্মতি দিয়েছেন
home-intro = আপনি যেকোনো সময় সম্মতি ফিরিয়ে নিতে পারেন। সম্মতি দেওয়া যত সহজ, ফিরিয়ে নেওয়াও তত সহজ।
home-empty = { $organisation } সংস্থার কাছে আপনার কোনো সম্মতি নেই।
home-shortened = শুধু সবচেয়ে নতুন { $count }টি রেকর্ড দেখানো হচ্ছে।
state-granted = আপনি { $date } তারিখে সম্মতি দিয়েছেন।
state-until = আপনার সম্মতির মেয়াদ { $date } তারিখে শেষ হবে।
state-denied = আপনি { $date } তারিখে জানিয়েছেন যে আপনি রাজি নন।
state-withdrawn = আপনি { $date } তারিখে সম্মতি ফিরিয়ে নিয়েছেন।
state-expired = আপনার সম্মতির মেয়াদ { $date } তারিখে শেষ হয়েছে।
state-renewed = আপনি { $date } তারিখে আবার এর উত্তর দিয়েছেন।
withdraw = সম্মতি ফিরিয়ে নিন
withdraw-purpose = সম্মতি ফিরিয়ে নিন: { $purpose }
withdraw-all = সব সম্মতি ফিরিয়ে নিন
read-notice = আপনাকে যে বিজ্ঞপ্তি দেখানো হয়েছিল, তা পড়ুন
receipt = রসিদ
done-withdrawn = আপনার সম্মতি ফিরিয়ে নেওয়া হয়েছে। { $organisation } সংস্থাকে এই কাজে আপনার তথ্য ব্যবহার বন্ধ করতে হবে।
done-withdrawn-before = এই সম্মতি আগেই ফিরিয়ে নেওয়া হয়েছে।
done-in-progress = এর একটি অংশ ফিরিয়ে নেওয়া হয়েছে। বাকিটা ফিরিয়ে নিতে বোতামটি আরেকবার টিপুন।

## A notice

notice-title = বিজ্ঞপ্তি
notice-other-language = এই বিজ্ঞপ্তি { $language } ভাষায় নেই। আপনি এটি { $shown } ভাষায় দেখছেন।
notice-data = যে ব্যক্তিগত তথ্য ব্যবহার করা হয়
notice-purposes = যে কাজে ব্যবহার করা হয়
notice-services = এর ফলে যা পাওয়া যায়: { $services }
notice-necessary = পরিষেবার জন্য প্রয়োজনীয়
notice-officer = আপনার প্রশ্ন ও অভিযোগের উত্তর কে দেবেন
notice-withdraw-link = কীভাবে সম্মতি ফিরিয়ে নেবেন
notice-rights-link = আপনার অধিকার
notice-complaint-link = তথ্য সুরক্ষা বোর্ডে কীভাবে অভিযোগ করবেন

## The question of an organisation

question-title = { $organisation } সংস্থা আপনার সম্মতি চাইছে
question-intro = প্রতিটি কাজের জন্য একটি উত্তর বেছে নিন। আপনার হয়ে কিছুই বেছে রাখা হয়নি। আপনি না বলতে পারেন, আর পরে সম্মতি ফিরিয়েও নিতে পারেন।
question-agree = আমি রাজি
question-refuse = আমি রাজি নই
question-send = আমার উত্তর জমা দিন
question-unanswered = দয়া করে প্রতিটি কাজের জন্য উত্তর দিন। এগুলির উত্তর এখনও দেওয়া হয়নি:
question-until = রাজি হলে আপনার সম্মতির মেয়াদ { $date } তারিখে শেষ হবে, যদি না তার আগে আপনি সম্মতি ফিরিয়ে নেন।
answered-title = আপনার উত্তর জমা হয়েছে
answered-agreed = আপনি রাজি হয়েছেন
answered-refused = আপনি রাজি হননি
answered-before = এই প্রশ্নগুলির উত্তর আগেই দেওয়া হয়েছে।
answered-receipt = রসিদ ডাউনলোড করুন
answered-return = { $organisation } সংস্থার পাতায় ফিরে যান

## History

history-title = ইতিহাস
history-empty = কিছুই নথিভুক্ত নেই।
history-given = আপনাকে প্রশ্ন করা হয়েছিল, এবং আপনার উত্তর নথিভুক্ত হয়েছে।
history-withdrawn = আপনার সম্মতি ফিরিয়ে নেওয়া হয়েছে।
history-part-withdrawn = আপনার সম্মতির একটি অংশ ফিরিয়ে নেওয়া হয়েছে।
history-renewed = আপনার সম্মতির জায়গায় একটি নতুন উত্তর রাখা হয়েছে।
history-erased = আপনার তথ্য মুছে ফেলা হয়েছে।
history-other = আপনার সম্মতি বদলানো হয়েছে।
history-here = আপনি এই পাতায় এটি করেছেন।
history-by-organisation = { $organisation } সংস্থা এটি নথিভুক্ত করেছে।
history-verified = এই ঘটনাগুলির নথি সম্পূর্ণ এবং অপরিবর্তিত আছে।
history-not-verified = এই ঘটনাগুলির নথি নষ্ট হয়েছে। দয়া করে { $organisation } সংস্থার কাছে অভিযোগ করুন।
older = আরও পুরোনো

## Who was told to stop

told-title = ব্যবহার বন্ধ করতে কাদের জানানো হয়েছে
told-intro = আপনি সম্মতি ফিরিয়ে নিলে, আপনার তথ্যের প্রাপকদের তালিকায় থাকা সবাইকে { $organisation } সংস্থা তা জানায়।
told-empty = কাউকে জানানোর দরকার হয়নি।
told-not-yet = এখনও জানানো হয়নি
told-at = { $date } তারিখে জানানো হয়েছে
told-waiting = এখনও নিশ্চিত করেনি
told-overdue = { $date } তারিখের মধ্যে নিশ্চিত করার কথা ছিল
told-confirmed = { $date } তারিখে নিশ্চিত করেছে
told-ceased = ব্যবহার বন্ধ করেছে
told-erased = আপনার তথ্য মুছে ফেলেছে
told-not-held = আপনার কোনো তথ্য রাখে না
told-retained = আইনের প্রয়োজনে আপনার তথ্য রাখছে
told-refused = বন্ধ করতে রাজি হয়নি

## Complaints

grievances-title = অভিযোগ
grievances-intro = আপনার তথ্য কীভাবে ব্যবহার করা হচ্ছে, তা নিয়ে আপনি অভিযোগ করতে পারেন। { $days } দিনের মধ্যে আপনি উত্তর পাবেন।
grievances-empty = আপনি কোনো অভিযোগ করেননি।
grievance-text = আপনার অভিযোগ
grievance-send = অভিযোগ পাঠান
grievance-missing = দয়া করে আপনার অভিযোগ লিখুন। এটি সর্বাধিক { $count }টি অক্ষরের হতে পারে।
grievance-sent = আপনার অভিযোগ পাওয়া গেছে। এর নম্বর { $number }।
grievance-sent-before = এই অভিযোগ আগেই পাওয়া গেছে।
grievance-number = নম্বর { $number }
grievance-submitted = পাওয়া গেছে
grievance-in-review = খতিয়ে দেখা হচ্ছে
grievance-resolved = মীমাংসা হয়েছে
grievance-rejected = গ্রহণ করা হয়নি
grievance-erased = মুছে ফেলা হয়েছে
grievance-made-on = { $date } তারিখে করা হয়েছে
grievance-answer-by = { $date } তারিখের মধ্যে উত্তর দিতে হবে
grievance-answer = উত্তর: { $text }

## A copy of the data

copy-title = আমার তথ্যের কপি
copy-intro = এই ফাইলে আপনার প্রতিটি রেকর্ড প্রমাণসহ আছে। ফাইলটি কম্পিউটারের জন্য; আপনি যাঁকে বিশ্বাস করেন, তিনিই এটি যাচাই করতে পারেন।
copy-download = আমার তথ্য ডাউনলোড করুন
copy-receipts = রসিদগুলি

## Erasure

erasure-title = আমার তথ্য মুছুন
erasure-intro = আপনার সব সম্মতি শেষ হবে, এবং { $organisation } সংস্থা তার নথি থেকে আপনার নাম সরিয়ে দেবে। এটি আর ফেরানো যাবে না।
erasure-kept = আইনের প্রয়োজনে কিছুটা রেখে দেওয়া হয়: রেকর্ড যে ছিল শুধু সেটুকু, আপনার নাম ছাড়া।
erasure-confirm = আমি চাই আমার তথ্য মুছে ফেলা হোক
erasure-unconfirmed = দয়া করে আগে বাক্সে টিক দিন।
erasure-send = এখনই আমার তথ্য মুছুন
erased-title = আপনার তথ্য মুছে ফেলা হয়েছে
erased-number = আপনার অনুরোধের নম্বর { $number }। নম্বরটি রেখে দিন: এখন আর অন্য কোনোভাবে অনুরোধটি খুঁজে পাওয়া যাবে না।
erased-in-progress = আপনার তথ্যের একটি অংশ মোছা হয়েছে। বাকিটা মুছতে বোতামটি টিপুন।

## The link

open-title = { $organisation } সংস্থায় আপনার পাতা
open-intro = আপনার পাতা খুলতে বোতামটি টিপুন। এটি একবারই কাজ করে।
open-button = আমার পাতা খুলুন

## Errors

error-title = এটি করা যায়নি
error-link = এই লিঙ্ক আর কাজ করে না। এটি আগে ব্যবহার করা হয়েছে, অথবা এর সময় শেষ হয়ে গেছে। নতুন লিঙ্ক চেয়ে নিন।
error-session = এই পাতা দেখার সময় শেষ হয়ে গেছে। নতুন লিঙ্ক চেয়ে নিন।
error-form = এই ফর্মটি খুব পুরোনো, অথবা অন্য পাতা থেকে এসেছে। কিছুই বদলানো হয়নি। দয়া করে আবার চেষ্টা করুন।
error-not-found = এই পাতাটি নেই।
error-not-allowed = এখানে এটি করা যায় না। { $organisation } সংস্থাকে জিজ্ঞাসা করুন।
error-conflict = এর মধ্যে এটি বদলে গেছে। দয়া করে আপনার পাতা আবার দেখুন।
error-too-large = আপনি যা পাঠিয়েছেন, তা খুব বড়।
error-unavailable = এই মুহূর্তে পরিষেবা পাওয়া যাচ্ছে না। দয়া করে এক মিনিট পরে আবার চেষ্টা করুন।
error-internal = কিছু একটা ভুল হয়েছে। তা লিখে রাখা হয়েছে।
error-number = এই ভুলের নম্বর: { $number }
error-back = আমার পাতায় ফিরে যান
