### অসমীয়া (as). Translated from English; no native speaker has reviewed it.

## The frame of every page

language-name = অসমীয়া
page-name = { $organisation } প্ৰতিষ্ঠানক দিয়া আপোনাৰ সন্মতি
navigation = পৃষ্ঠাসমূহ
nav-home = মোৰ সন্মতি
nav-history = ইতিহাস
nav-told = কাক জনোৱা হৈছে
nav-grievances = অভিযোগ
nav-copy = মোৰ তথ্য
nav-erasure = মোৰ তথ্য মচক
languages = ভাষা
unreviewed = অসমীয়া যাৰ মাতৃভাষা, তেনে কোনেও এতিয়ালৈকে এই অনুবাদ পৰীক্ষা কৰা নাই।
date = { $day } { $month } { $year }
month-1 = জানুৱাৰী
month-2 = ফেব্ৰুৱাৰী
month-3 = মাৰ্চ
month-4 = এপ্ৰিল
month-5 = মে’
month-6 = জুন
month-7 = জুলাই
month-8 = আগষ্ট
month-9 = ছেপ্টেম্বৰ
month-10 = অক্টোবৰ
month-11 = নৱেম্বৰ
month-12 = ডিচেম্বৰ

## What the person agreed to

home-title = আপুনি যিবোৰত সন্মতি দিছে
home-intro = আপুনি যিকোনো সময়তে সন্মতি ঘূৰাই ল’ব পাৰে। সন্মতি দিয়া যিমান সহজ, ঘূৰাই লোৱাও সিমানেই সহজ।
home-empty = { $organisation } প্ৰতিষ্ঠানৰ ওচৰত আপোনাৰ কোনো সন্মতি নাই।
home-shortened = কেৱল আটাইতকৈ নতুন { $count }টা ৰেকৰ্ড দেখুওৱা হৈছে।
state-granted = আপুনি { $date } তাৰিখে সন্মতি দিছে।
state-until = আপোনাৰ সন্মতিৰ ম্যাদ { $date } তাৰিখে শেষ হ’ব।
state-denied = আপুনি { $date } তাৰিখে সন্মত নহয় বুলি জনাইছে।
state-withdrawn = আপুনি { $date } তাৰিখে সন্মতি ঘূৰাই লৈছে।
state-expired = আপোনাৰ সন্মতিৰ ম্যাদ { $date } তাৰিখে শেষ হৈছে।
state-renewed = আপুনি { $date } তাৰিখে ইয়াৰ উত্তৰ আকৌ দিছে।
withdraw = সন্মতি ঘূৰাই লওক
withdraw-purpose = সন্মতি ঘূৰাই লওক: { $purpose }
withdraw-all = সকলো সন্মতি ঘূৰাই লওক
read-notice = আপোনাক যি জাননী দেখুওৱা হৈছিল, সেইখন পঢ়ক
receipt = ৰচিদ
done-withdrawn = আপোনাৰ সন্মতি ঘূৰাই লোৱা হৈছে। { $organisation } প্ৰতিষ্ঠানে এই কামত আপোনাৰ তথ্য ব্যৱহাৰ কৰা বন্ধ কৰিবই লাগিব।
done-withdrawn-before = এই সন্মতি আগতেই ঘূৰাই লোৱা হৈছে।
done-in-progress = ইয়াৰ এটা অংশ ঘূৰাই লোৱা হ’ল। বাকীখিনি ঘূৰাই ল’বলৈ বুটামটো আকৌ এবাৰ টিপক।

## A notice

notice-title = জাননী
notice-other-language = এই জাননী { $language } ভাষাত নাই। আপুনি ইয়াক { $shown } ভাষাত দেখিছে।
notice-data = যি ব্যক্তিগত তথ্য ব্যৱহাৰ কৰা হয়
notice-purposes = যি উদ্দেশ্যে ব্যৱহাৰ কৰা হয়
notice-services = ইয়াৰ ফলত যি পোৱা যায়: { $services }
notice-necessary = সেৱাৰ বাবে প্ৰয়োজনীয়
notice-officer = আপোনাৰ প্ৰশ্ন আৰু অভিযোগৰ উত্তৰ কোনে দিব
notice-withdraw-link = সন্মতি কেনেকৈ ঘূৰাই ল’ব
notice-rights-link = আপোনাৰ অধিকাৰ
notice-complaint-link = তথ্য সুৰক্ষা ব’ৰ্ডত কেনেকৈ অভিযোগ কৰিব

## The question of an organisation

question-title = { $organisation } প্ৰতিষ্ঠানে আপোনাৰ সন্মতি বিচাৰিছে
question-intro = প্ৰতিটো উদ্দেশ্যৰ বাবে এটা উত্তৰ বাছক। আপোনাৰ হৈ একো বাছি থোৱা নাই। আপুনি অসন্মতি জনাব পাৰে, আৰু পিছত সন্মতি ঘূৰাইও ল’ব পাৰে।
question-agree = মই সন্মত
question-refuse = মই সন্মত নহয়
question-send = মোৰ উত্তৰ জমা দিয়ক
question-unanswered = অনুগ্ৰহ কৰি প্ৰতিটো উদ্দেশ্যৰ বাবে উত্তৰ দিয়ক। এইবোৰৰ উত্তৰ এতিয়াও দিয়া হোৱা নাই:
question-until = সন্মত হ’লে আপোনাৰ সন্মতিৰ ম্যাদ { $date } তাৰিখে শেষ হ’ব, যদিহে তাৰ আগতে আপুনি সন্মতি ঘূৰাই নলয়।
answered-title = আপোনাৰ উত্তৰ জমা হৈছে
answered-agreed = আপুনি সন্মত হৈছে
answered-refused = আপুনি সন্মত হোৱা নাই
answered-before = এই প্ৰশ্নবোৰৰ উত্তৰ আগতেই দিয়া হৈছে।
answered-receipt = ৰচিদ ডাউনল’ড কৰক
answered-return = { $organisation } প্ৰতিষ্ঠানৰ পৃষ্ঠালৈ ঘূৰি যাওক

## History

history-title = ইতিহাস
history-empty = একো লিপিবদ্ধ কৰা হোৱা নাই।
history-given = আপোনাক প্ৰশ্ন কৰা হৈছিল, আৰু আপোনাৰ উত্তৰ লিপিবদ্ধ কৰা হৈছে।
history-withdrawn = আপোনাৰ সন্মতি ঘূৰাই লোৱা হৈছে।
history-part-withdrawn = আপোনাৰ সন্মতিৰ এটা অংশ ঘূৰাই লোৱা হৈছে।
history-renewed = আপোনাৰ সন্মতিৰ ঠাইত এটা নতুন উত্তৰ ৰখা হৈছে।
history-erased = আপোনাৰ তথ্য মচি পেলোৱা হৈছে।
history-other = আপোনাৰ সন্মতি সলনি কৰা হৈছে।
history-here = আপুনি এই পৃষ্ঠাত এইটো কৰিছে।
history-by-organisation = { $organisation } প্ৰতিষ্ঠানে এইটো লিপিবদ্ধ কৰিছে।
history-verified = এই ঘটনাবোৰৰ ৰেকৰ্ড সম্পূৰ্ণ আৰু অপৰিৱৰ্তিত হৈ আছে।
history-not-verified = এই ঘটনাবোৰৰ ৰেকৰ্ড নষ্ট হৈছে। অনুগ্ৰহ কৰি { $organisation } প্ৰতিষ্ঠানৰ ওচৰত অভিযোগ কৰক।
older = আৰু পুৰণি

## Who was told to stop

told-title = ব্যৱহাৰ বন্ধ কৰিবলৈ কাক জনোৱা হৈছে
told-intro = আপুনি সন্মতি ঘূৰাই ল’লে, আপোনাৰ তথ্য পোৱাসকলৰ তালিকাত থকা সকলোকে { $organisation } প্ৰতিষ্ঠানে জনায়।
told-empty = কাকো জনোৱাৰ প্ৰয়োজন হোৱা নাই।
told-not-yet = এতিয়াও জনোৱা হোৱা নাই
told-at = { $date } তাৰিখে জনোৱা হৈছে
told-waiting = এতিয়াও নিশ্চিত কৰা নাই
told-overdue = { $date } তাৰিখৰ ভিতৰত নিশ্চিত কৰিব লাগিছিল
told-confirmed = { $date } তাৰিখে নিশ্চিত কৰিছে
told-ceased = ব্যৱহাৰ বন্ধ কৰিছে
told-erased = আপোনাৰ তথ্য মচি পেলাইছে
told-not-held = আপোনাৰ কোনো তথ্য নাৰাখে
told-retained = আইনৰ প্ৰয়োজনত আপোনাৰ তথ্য ৰাখিছে
told-refused = বন্ধ কৰিবলৈ মান্তি হোৱা নাই

## Complaints

grievances-title = অভিযোগ
grievances-intro = আপোনাৰ তথ্য কেনেকৈ ব্যৱহাৰ কৰা হৈছে, সেই বিষয়ে আপুনি অভিযোগ কৰিব পাৰে। { $days } দিনৰ ভিতৰত আপুনি উত্তৰ পাব।
grievances-empty = আপুনি কোনো অভিযোগ কৰা নাই।
grievance-text = আপোনাৰ অভিযোগ
grievance-send = অভিযোগ পঠাওক
grievance-missing = অনুগ্ৰহ কৰি আপোনাৰ অভিযোগ লিখক। ইয়াত সৰ্বাধিক { $count }টা আখৰ থাকিব পাৰে।
grievance-sent = আপোনাৰ অভিযোগ পোৱা গৈছে। ইয়াৰ নম্বৰ { $number }।
grievance-sent-before = এই অভিযোগ আগতেই পোৱা গৈছে।
grievance-number = নম্বৰ { $number }
grievance-submitted = পোৱা গৈছে
grievance-in-review = পৰীক্ষা কৰি থকা হৈছে
grievance-resolved = মীমাংসা হৈছে
grievance-rejected = গ্ৰহণ কৰা হোৱা নাই
grievance-erased = মচি পেলোৱা হৈছে
grievance-made-on = { $date } তাৰিখে কৰা হৈছে
grievance-answer-by = { $date } তাৰিখৰ ভিতৰত উত্তৰ দিব লাগিব
grievance-answer = উত্তৰ: { $text }

## A copy of the data

copy-title = মোৰ তথ্যৰ কপি
copy-intro = এই ফাইলত আপোনাৰ প্ৰতিটো ৰেকৰ্ড প্ৰমাণৰ সৈতে আছে। ফাইলটো কম্পিউটাৰৰ বাবে; আপুনি বিশ্বাস কৰা যিকোনো লোকে ইয়াক পৰীক্ষা কৰিব পাৰে।
copy-download = মোৰ তথ্য ডাউনল’ড কৰক
copy-receipts = ৰচিদসমূহ

## Erasure

erasure-title = মোৰ তথ্য মচক
erasure-intro = আপোনাৰ সকলো সন্মতি শেষ হ’ব, আৰু { $organisation } প্ৰতিষ্ঠানে নিজৰ ৰেকৰ্ডৰ পৰা আপোনাৰ নাম আঁতৰাই দিব। ইয়াক পুনৰ আগৰ দৰে কৰিব নোৱাৰি।
erasure-kept = আইনৰ প্ৰয়োজনত কিছু কথা ৰাখি থোৱা হয়: ৰেকৰ্ড আছিল বোলা কথাটোহে, আপোনাৰ নাম নোহোৱাকৈ।
erasure-confirm = মোৰ তথ্য মচি পেলোৱাটো মই বিচাৰোঁ
erasure-unconfirmed = অনুগ্ৰহ কৰি আগতে বাকচটোত টিক দিয়ক।
erasure-send = মোৰ তথ্য এতিয়াই মচক
erased-title = আপোনাৰ তথ্য মচি পেলোৱা হৈছে
erased-number = আপোনাৰ অনুৰোধৰ নম্বৰ { $number }। নম্বৰটো ৰাখি থওক: এতিয়া আন কোনো উপায়েৰে অনুৰোধটো বিচাৰি পোৱা নাযাব।
erased-in-progress = আপোনাৰ তথ্যৰ এটা অংশ মচা হ’ল। বাকীখিনি মচিবলৈ বুটামটো টিপক।

## The link

open-title = { $organisation } প্ৰতিষ্ঠানত আপোনাৰ পৃষ্ঠা
open-intro = আপোনাৰ পৃষ্ঠা খুলিবলৈ বুটামটো টিপক। ই এবাৰহে কাম কৰে।
open-button = মোৰ পৃষ্ঠা খোলক

## Errors

error-title = এইটো কৰিব পৰা নগ’ল
error-link = এই লিংকে এতিয়া কাম নকৰে। ইয়াক আগতে ব্যৱহাৰ কৰা হৈছে, নাইবা ইয়াৰ সময় শেষ হৈছে। নতুন লিংক বিচাৰি লওক।
error-session = এই পৃষ্ঠা চোৱাৰ সময় শেষ হৈছে। নতুন লিংক বিচাৰি লওক।
error-form = এই ফৰ্মখন বৰ পুৰণি, নাইবা আন পৃষ্ঠাৰ পৰা আহিছে। একো সলনি কৰা হোৱা নাই। অনুগ্ৰহ কৰি আকৌ চেষ্টা কৰক।
error-not-found = এই পৃষ্ঠা নাই।
error-not-allowed = ইয়াত এইটো কৰিব নোৱাৰি। { $organisation } প্ৰতিষ্ঠানক সোধক।
error-conflict = ইতিমধ্যে এইটো সলনি হৈছে। অনুগ্ৰহ কৰি আপোনাৰ পৃষ্ঠা আকৌ চাওক।
error-too-large = আপুনি যি পঠাইছে, সেয়া বৰ দীঘল।
error-unavailable = এই মুহূৰ্তত সেৱা পোৱা নাযায়। অনুগ্ৰহ কৰি এক মিনিট পিছত আকৌ চেষ্টা কৰক।
error-internal = কিবা এটা ভুল হ’ল। সেয়া লিখি থোৱা হৈছে।
error-number = এই ভুলৰ নম্বৰ: { $number }
error-back = মোৰ পৃষ্ঠালৈ ঘূৰি যাওক
