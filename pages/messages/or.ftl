### ଓଡ଼ିଆ (or). Translated from English; no native speaker has reviewed it.

## The frame of every page

language-name = ଓଡ଼ିଆ
page-name = { $organisation } ସଂସ୍ଥାକୁ ଦେଇଥିବା ଆପଣଙ୍କ ସମ୍ମତି
navigation = ପୃଷ୍ଠାଗୁଡ଼ିକ
nav-home = ମୋର ସମ୍ମତି
nav-history = ଇତିହାସ
nav-told = କାହାକୁ ଜଣାଯାଇଛି
nav-grievances = ଅଭିଯୋଗ
nav-copy = ମୋର ତଥ୍ୟ
nav-erasure = ମୋର ତଥ୍ୟ ଲିଭାନ୍ତୁ
languages = ଭାଷା
unreviewed = ଯାହାଙ୍କ ମାତୃଭାଷା ଓଡ଼ିଆ, ଏପରି କେହି ଏପର୍ଯ୍ୟନ୍ତ ଏହି ଅନୁବାଦକୁ ଯାଞ୍ଚ କରିନାହାନ୍ତି।
date = { $day } { $month } { $year }
month-1 = ଜାନୁଆରୀ
month-2 = ଫେବୃଆରୀ
month-3 = ମାର୍ଚ୍ଚ
month-4 = ଅପ୍ରେଲ
month-5 = ମଇ
month-6 = ଜୁନ
month-7 = ଜୁଲାଇ
month-8 = ଅଗଷ୍ଟ
month-9 = ସେପ୍ଟେମ୍ବର
month-10 = ଅକ୍ଟୋବର
month-11 = ନଭେମ୍ବର
month-12 = ଡିସେମ୍ବର

## What the person agreed to

home-title = ଆପଣ ଯେଉଁଥିରେ ସମ୍ମତି ଦେଇଛନ୍ତି
home-intro = ଆପଣ ଯେକୌଣସି ସମୟରେ ସମ୍ମତି ଫେରାଇ ନେଇପାରିବେ। ସମ୍ମତି ଦେବା ଯେତେ ସହଜ, ଫେରାଇ ନେବା ମଧ୍ୟ ସେତେ ସହଜ।
home-empty = { $organisation } ସଂସ୍ଥା ପାଖରେ ଆପଣଙ୍କର କୌଣସି ସମ୍ମତି ନାହିଁ।
home-shortened = କେବଳ ସବୁଠାରୁ ନୂଆ { $count }ଟି ରେକର୍ଡ ଦେଖାଯାଉଛି।
state-granted = ଆପଣ { $date } ତାରିଖରେ ସମ୍ମତି ଦେଇଛନ୍ତି।
state-until = ଆପଣଙ୍କ ସମ୍ମତିର ଅବଧି { $date } ତାରିଖରେ ଶେଷ ହେବ।
state-denied = ଆପଣ { $date } ତାରିଖରେ ରାଜି ନୁହନ୍ତି ବୋଲି ଜଣାଇଛନ୍ତି।
state-withdrawn = ଆପଣ { $date } ତାରିଖରେ ସମ୍ମତି ଫେରାଇ ନେଇଛନ୍ତି।
state-expired = ଆପଣଙ୍କ ସମ୍ମତିର ଅବଧି { $date } ତାରିଖରେ ଶେଷ ହୋଇଛି।
state-renewed = ଆପଣ { $date } ତାରିଖରେ ଏହାର ଉତ୍ତର ପୁଣି ଦେଇଛନ୍ତି।
withdraw = ସମ୍ମତି ଫେରାଇ ନିଅନ୍ତୁ
withdraw-purpose = ସମ୍ମତି ଫେରାଇ ନିଅନ୍ତୁ: { $purpose }
withdraw-all = ସବୁ ସମ୍ମତି ଫେରାଇ ନିଅନ୍ତୁ
read-notice = ଆପଣଙ୍କୁ ଦେଖାଯାଇଥିବା ବିଜ୍ଞପ୍ତି ପଢ଼ନ୍ତୁ
receipt = ରସିଦ
done-withdrawn = ଆପଣଙ୍କ ସମ୍ମତି ଫେରାଇ ନିଆଯାଇଛି। { $organisation } ସଂସ୍ଥା ଏହି କାମ ପାଇଁ ଆପଣଙ୍କ ତଥ୍ୟର ବ୍ୟବହାର ବନ୍ଦ କରିବାକୁ ବାଧ୍ୟ।
done-withdrawn-before = ଏହି ସମ୍ମତି ଆଗରୁ ଫେରାଇ ନିଆଯାଇଛି।
done-in-progress = ଏହାର ଗୋଟିଏ ଅଂଶ ଫେରାଇ ନିଆଗଲା। ବାକି ଅଂଶ ଫେରାଇ ନେବାକୁ ବଟନ ଆଉ ଥରେ ଦବାନ୍ତୁ।

## A notice

notice-title = ବିଜ୍ଞପ୍ତି
notice-other-language = ଏହି ବିଜ୍ଞପ୍ତି { $language } ଭାଷାରେ ନାହିଁ। ଆପଣ ଏହାକୁ { $shown } ଭାଷାରେ ଦେଖୁଛନ୍ତି।
notice-data = ବ୍ୟବହାର ହେଉଥିବା ବ୍ୟକ୍ତିଗତ ତଥ୍ୟ
notice-purposes = ଯେଉଁ ଉଦ୍ଦେଶ୍ୟରେ ବ୍ୟବହାର ହୁଏ
notice-services = ଏହାଦ୍ୱାରା ଯାହା ମିଳେ: { $services }
notice-necessary = ସେବା ପାଇଁ ଆବଶ୍ୟକ
notice-officer = ଆପଣଙ୍କ ପ୍ରଶ୍ନ ଓ ଅଭିଯୋଗର ଉତ୍ତର କିଏ ଦେବେ
notice-withdraw-link = ସମ୍ମତି କିପରି ଫେରାଇ ନେବେ
notice-rights-link = ଆପଣଙ୍କ ଅଧିକାର
notice-complaint-link = ତଥ୍ୟ ସୁରକ୍ଷା ବୋର୍ଡରେ କିପରି ଅଭିଯୋଗ କରିବେ

## The question of an organisation

question-title = { $organisation } ସଂସ୍ଥା ଆପଣଙ୍କ ସମ୍ମତି ମାଗୁଛି
question-intro = ପ୍ରତ୍ୟେକ ଉଦ୍ଦେଶ୍ୟ ପାଇଁ ଗୋଟିଏ ଉତ୍ତର ବାଛନ୍ତୁ। ଆପଣଙ୍କ ପାଇଁ ଆଗରୁ କିଛି ବଛାଯାଇନାହିଁ। ଆପଣ ମନା କରିପାରିବେ, ଏବଂ ପରେ ସମ୍ମତି ଫେରାଇ ମଧ୍ୟ ନେଇପାରିବେ।
question-agree = ମୁଁ ରାଜି
question-refuse = ମୁଁ ରାଜି ନୁହେଁ
question-send = ମୋର ଉତ୍ତର ଜମା କରନ୍ତୁ
question-unanswered = ଦୟାକରି ପ୍ରତ୍ୟେକ ଉଦ୍ଦେଶ୍ୟ ପାଇଁ ଉତ୍ତର ଦିଅନ୍ତୁ। ଏଗୁଡ଼ିକର ଉତ୍ତର ଏପର୍ଯ୍ୟନ୍ତ ଦିଆଯାଇନାହିଁ:
question-until = ଆପଣ ରାଜି ହେଲେ ଆପଣଙ୍କ ସମ୍ମତିର ଅବଧି { $date } ତାରିଖରେ ଶେଷ ହେବ, ଯଦି ତା’ ପୂର୍ବରୁ ଆପଣ ସମ୍ମତି ଫେରାଇ ନ ନିଅନ୍ତି।
answered-title = ଆପଣଙ୍କ ଉତ୍ତର ଜମା ହୋଇଛି
answered-agreed = ଆପଣ ରାଜି ହୋଇଛନ୍ତି
answered-refused = ଆପଣ ରାଜି ହୋଇନାହାନ୍ତି
answered-before = ଏହି ପ୍ରଶ୍ନଗୁଡ଼ିକର ଉତ୍ତର ଆଗରୁ ଦିଆଯାଇଛି।
answered-receipt = ରସିଦ ଡାଉନଲୋଡ କରନ୍ତୁ
answered-return = { $organisation } ସଂସ୍ଥାର ପୃଷ୍ଠାକୁ ଫେରନ୍ତୁ

## History

history-title = ଇତିହାସ
history-empty = କିଛି ଲିପିବଦ୍ଧ ହୋଇନାହିଁ।
history-given = ଆପଣଙ୍କୁ ପ୍ରଶ୍ନ ପଚରାଯାଇଥିଲା, ଏବଂ ଆପଣଙ୍କ ଉତ୍ତର ଲିପିବଦ୍ଧ ହୋଇଛି।
history-withdrawn = ଆପଣଙ୍କ ସମ୍ମତି ଫେରାଇ ନିଆଯାଇଛି।
history-part-withdrawn = ଆପଣଙ୍କ ସମ୍ମତିର ଗୋଟିଏ ଅଂଶ ଫେରାଇ ନିଆଯାଇଛି।
history-renewed = ଆପଣଙ୍କ ସମ୍ମତି ବଦଳରେ ଗୋଟିଏ ନୂଆ ଉତ୍ତର ରଖାଯାଇଛି।
history-erased = ଆପଣଙ୍କ ତଥ୍ୟ ଲିଭାଯାଇଛି।
history-other = ଆପଣଙ୍କ ସମ୍ମତି ବଦଳାଯାଇଛି।
history-here = ଆପଣ ଏହି ପୃଷ୍ଠାରେ ଏହା କରିଛନ୍ତି।
history-by-organisation = { $organisation } ସଂସ୍ଥା ଏହା ଲିପିବଦ୍ଧ କରିଛି।
history-verified = ଏହି ଘଟଣାଗୁଡ଼ିକର ରେକର୍ଡ ସମ୍ପୂର୍ଣ୍ଣ ଓ ଅପରିବର୍ତ୍ତିତ ଅଛି।
history-not-verified = ଏହି ଘଟଣାଗୁଡ଼ିକର ରେକର୍ଡ ନଷ୍ଟ ହୋଇଛି। ଦୟାକରି { $organisation } ସଂସ୍ଥା ପାଖରେ ଅଭିଯୋଗ କରନ୍ତୁ।
older = ଆହୁରି ପୁରୁଣା

## Who was told to stop

told-title = ବ୍ୟବହାର ବନ୍ଦ କରିବାକୁ କାହାକୁ ଜଣାଯାଇଛି
told-intro = ଆପଣ ସମ୍ମତି ଫେରାଇ ନେଲେ, ଆପଣଙ୍କ ତଥ୍ୟ ପାଉଥିବା ଲୋକଙ୍କ ତାଲିକାରେ ଥିବା ସମସ୍ତଙ୍କୁ { $organisation } ସଂସ୍ଥା ଜଣାଏ।
told-empty = କାହାକୁ ଜଣାଇବା ଆବଶ୍ୟକ ହୋଇନାହିଁ।
told-not-yet = ଏପର୍ଯ୍ୟନ୍ତ ଜଣାଯାଇନାହିଁ
told-at = { $date } ତାରିଖରେ ଜଣାଯାଇଛି
told-waiting = ଏପର୍ଯ୍ୟନ୍ତ ନିଶ୍ଚିତ କରିନାହିଁ
told-overdue = { $date } ତାରିଖ ସୁଦ୍ଧା ନିଶ୍ଚିତ କରିବାର ଥିଲା
told-confirmed = { $date } ତାରିଖରେ ନିଶ୍ଚିତ କରିଛି
told-ceased = ବ୍ୟବହାର ବନ୍ଦ କରିଛି
told-erased = ଆପଣଙ୍କ ତଥ୍ୟ ଲିଭାଇ ଦେଇଛି
told-not-held = ଆପଣଙ୍କର କୌଣସି ତଥ୍ୟ ରଖିନାହିଁ
told-retained = ଆଇନର ଆବଶ୍ୟକତା ଥିବାରୁ ଆପଣଙ୍କ ତଥ୍ୟ ରଖିଛି
told-refused = ବନ୍ଦ କରିବାକୁ ରାଜି ହୋଇନାହିଁ

## Complaints

grievances-title = ଅଭିଯୋଗ
grievances-intro = ଆପଣଙ୍କ ତଥ୍ୟ କିପରି ବ୍ୟବହାର ହେଉଛି, ସେ ବିଷୟରେ ଆପଣ ଅଭିଯୋଗ କରିପାରିବେ। { $days } ଦିନ ମଧ୍ୟରେ ଆପଣ ଉତ୍ତର ପାଇବେ।
grievances-empty = ଆପଣ କୌଣସି ଅଭିଯୋଗ କରିନାହାନ୍ତି।
grievance-text = ଆପଣଙ୍କ ଅଭିଯୋଗ
grievance-send = ଅଭିଯୋଗ ପଠାନ୍ତୁ
grievance-missing = ଦୟାକରି ଆପଣଙ୍କ ଅଭିଯୋଗ ଲେଖନ୍ତୁ। ଏଥିରେ ଅତି ବେଶିରେ { $count }ଟି ଅକ୍ଷର ରହିପାରିବ।
grievance-sent = ଆପଣଙ୍କ ଅଭିଯୋଗ ମିଳିଛି। ଏହାର ନମ୍ବର { $number }।
grievance-sent-before = ଏହି ଅଭିଯୋଗ ଆଗରୁ ମିଳିଛି।
grievance-number = ନମ୍ବର { $number }
grievance-submitted = ମିଳିଛି
grievance-in-review = ଯାଞ୍ଚ ଚାଲିଛି
grievance-resolved = ସମାଧାନ ହୋଇଛି
grievance-rejected = ଗ୍ରହଣ କରାଯାଇନାହିଁ
grievance-erased = ଲିଭାଯାଇଛି
grievance-made-on = { $date } ତାରିଖରେ କରାଯାଇଛି
grievance-answer-by = { $date } ତାରିଖ ସୁଦ୍ଧା ଉତ୍ତର ଦେବାକୁ ହେବ
grievance-answer = ଉତ୍ତର: { $text }

## A copy of the data

copy-title = ମୋର ତଥ୍ୟର ନକଲ
copy-intro = ଏହି ଫାଇଲରେ ଆପଣଙ୍କର ପ୍ରତ୍ୟେକ ରେକର୍ଡ ପ୍ରମାଣ ସହ ଅଛି। ଏହା କମ୍ପ୍ୟୁଟର ପାଇଁ; ଆପଣ ବିଶ୍ୱାସ କରୁଥିବା ଯେକୌଣସି ବ୍ୟକ୍ତି ଏହାକୁ ଯାଞ୍ଚ କରିପାରିବେ।
copy-download = ମୋର ତଥ୍ୟ ଡାଉନଲୋଡ କରନ୍ତୁ
copy-receipts = ରସିଦଗୁଡ଼ିକ

## Erasure

erasure-title = ମୋର ତଥ୍ୟ ଲିଭାନ୍ତୁ
erasure-intro = ଆପଣଙ୍କର ସବୁ ସମ୍ମତି ଶେଷ ହେବ, ଏବଂ { $organisation } ସଂସ୍ଥା ନିଜ ରେକର୍ଡରୁ ଆପଣଙ୍କ ନାମ କାଢ଼ିଦେବ। ଏହାକୁ ପୁଣି ପୂର୍ବ ଭଳି କରିହେବ ନାହିଁ।
erasure-kept = ଆଇନର ଆବଶ୍ୟକତା ଥିବାରୁ କିଛି ରଖାଯାଏ: କେବଳ ରେକର୍ଡ ଥିଲା ବୋଲି, ଆପଣଙ୍କ ନାମ ବିନା।
erasure-confirm = ମୁଁ ଚାହେଁ ଯେ ମୋର ତଥ୍ୟ ଲିଭାଯାଉ
erasure-unconfirmed = ଦୟାକରି ପ୍ରଥମେ ବାକ୍ସରେ ଟିକ୍ ଦିଅନ୍ତୁ।
erasure-send = ମୋର ତଥ୍ୟ ଏବେ ଲିଭାନ୍ତୁ
erased-title = ଆପଣଙ୍କ ତଥ୍ୟ ଲିଭାଯାଇଛି
erased-number = ଆପଣଙ୍କ ଅନୁରୋଧର ନମ୍ବର { $number }। ଏହାକୁ ସାଇତି ରଖନ୍ତୁ: ଏବେ ଅନ୍ୟ କୌଣସି ଉପାୟରେ ଏହି ଅନୁରୋଧ ଖୋଜି ପାଇହେବ ନାହିଁ।
erased-in-progress = ଆପଣଙ୍କ ତଥ୍ୟର ଗୋଟିଏ ଅଂଶ ଲିଭାଗଲା। ବାକି ଅଂଶ ଲିଭାଇବାକୁ ବଟନ ଦବାନ୍ତୁ।

## The link

open-title = { $organisation } ସଂସ୍ଥାରେ ଆପଣଙ୍କ ପୃଷ୍ଠା
open-intro = ଆପଣଙ୍କ ପୃଷ୍ଠା ଖୋଲିବାକୁ ବଟନ ଦବାନ୍ତୁ। ଏହା ଥରେ ମାତ୍ର କାମ କରେ।
open-button = ମୋର ପୃଷ୍ଠା ଖୋଲନ୍ତୁ

## Errors

error-title = ଏହା ହୋଇପାରିଲା ନାହିଁ
error-link = ଏହି ଲିଙ୍କ ଆଉ କାମ କରୁନାହିଁ। ଏହା ଆଗରୁ ବ୍ୟବହାର ହୋଇଛି, କିମ୍ବା ଏହାର ସମୟ ସରିଯାଇଛି। ନୂଆ ଲିଙ୍କ ମାଗନ୍ତୁ।
error-session = ଏହି ପୃଷ୍ଠା ଦେଖିବାର ସମୟ ସରିଯାଇଛି। ନୂଆ ଲିଙ୍କ ମାଗନ୍ତୁ।
error-form = ଏହି ଫର୍ମ ବହୁତ ପୁରୁଣା, କିମ୍ବା ଅନ୍ୟ ପୃଷ୍ଠାରୁ ଆସିଛି। କିଛି ବଦଳାଯାଇନାହିଁ। ଦୟାକରି ପୁଣି ଚେଷ୍ଟା କରନ୍ତୁ।
error-not-found = ଏହି ପୃଷ୍ଠା ନାହିଁ।
error-not-allowed = ଏଠାରେ ଏହା କରିହେବ ନାହିଁ। { $organisation } ସଂସ୍ଥାକୁ ପଚାରନ୍ତୁ।
error-conflict = ଏହା ଭିତରେ ଏହା ବଦଳିଯାଇଛି। ଦୟାକରି ଆପଣଙ୍କ ପୃଷ୍ଠା ପୁଣି ଦେଖନ୍ତୁ।
error-too-large = ଆପଣ ଯାହା ପଠାଇଛନ୍ତି, ତାହା ବହୁତ ଲମ୍ବା।
error-unavailable = ଏହି ମୁହୂର୍ତ୍ତରେ ସେବା ମିଳୁନାହିଁ। ଦୟାକରି ଏକ ମିନିଟ ପରେ ପୁଣି ଚେଷ୍ଟା କରନ୍ତୁ।
error-internal = କିଛି ଭୁଲ ହେଲା। ତାହା ଲେଖି ରଖାଯାଇଛି।
error-number = ଏହି ଭୁଲର ନମ୍ବର: { $number }
error-back = ମୋର ପୃଷ୍ଠାକୁ ଫେରନ୍ତୁ
