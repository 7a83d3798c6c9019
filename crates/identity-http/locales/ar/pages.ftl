# Times and counts
moment = { $day } { $month ->
    [1] يناير
    [2] فبراير
    [3] مارس
    [4] أبريل
    [5] مايو
    [6] يونيو
    [7] يوليو
    [8] أغسطس
    [9] سبتمبر
    [10] أكتوبر
    [11] نوفمبر
   *[12] ديسمبر
} { $year }، الساعة { $time } { $zone ->
    [UTC] بالتوقيت العالمي
   *[other] بتوقيت { $zone }
}
days = { $number ->
    [zero] أقل من يوم
    [one] يوم واحد
    [two] يومان
    [few] { $number } أيام
    [many] { $number } يومًا
   *[other] { $number } يوم
}
attempts = { $number ->
    [zero] لا محاولات بعد
    [one] محاولة واحدة
    [two] محاولتان
    [few] { $number } محاولات
    [many] { $number } محاولة
   *[other] { $number } محاولة
}

# Around every page
skip = الانتقال إلى المحتوى
menu = القائمة
terms = الشروط والأحكام
terms-version = الإصدار { $version }، ساري المفعول منذ
help = المساعدة
optional = (اختياري)
none = لا يوجد
cancel = إلغاء
go-to-start = الانتقال إلى صفحة البداية
error-prefix = خطأ:
problem-heading = توجد مشكلة
ask-support = للمساعدة، يمكنك مراسلتنا على { $support }.

# Words
email = البريد الإلكتروني
password = كلمة المرور
first-name = الاسم الأول
last-name = اسم العائلة
company = الشركة
company-name = اسم الشركة
language = اللغة
language-en = English
language-ar = العربية
roles = الأدوار
subscriptions = الاشتراكات
person = الشخص
state = الحالة
mail = الرسالة
invited = تاريخ الدعوة
inviter = الدعوة من
expires = مفتوحة حتى
first-opened = فُتحت أول مرة
not-yet = ليس بعد

# Signing in and out
log-in = تسجيل الدخول
log-out = تسجيل الخروج
login-heading = تسجيل الدخول إلى { $product }
login-refused = عنوان البريد الإلكتروني أو كلمة المرور غير صحيحة. يُرجى التحقق منهما والمحاولة مرة أخرى.
login-awaits-approval = طلب تسجيلك بانتظار الموافقة. سنرسل إليك رسالة بريد إلكتروني عندما يصبح بإمكانك تسجيل الدخول.
login-help = لا أحد سواك يمكنه رؤية كلمة مرورك. إذا تعذّر عليك تسجيل الدخول، فيمكنك مراسلتنا على { $support }.
password-missing = يُرجى إدخال كلمة المرور
remember = الإبقاء على تسجيل الدخول
remember-hint = على هذا الجهاز فقط.
log-out-heading = تسجيل الخروج
log-out-text = ستلزمك كلمة المرور لتسجيل الدخول من جديد.

# Registering
register = إنشاء الحساب
register-title = إنشاء الحساب
register-heading = إنشاء حسابك
set-up-heading = إنشاء حساب المسؤول الأول
set-up-text = لا أحد يدير { $product } هنا بعد. من ينشئ حسابه في هذه الصفحة يتولى الإدارة، ويمكنه دعوة الآخرين جميعًا.
invited-by = وصلتك دعوة من { $inviter } إلى { $company }.
open-until = الدعوة مفتوحة حتى
email-fixed = الدعوة موجّهة إلى هذا العنوان، ولا يمكن تغييره هنا.
company-name-hint = الشركة الأولى. يمكنك تغيير اسمها لاحقًا.
password-confirmation = تأكيد كلمة المرور
password-show = إظهار كلمة المرور
password-shown = كلمة المرور ظاهرة
password-hidden = كلمة المرور مخفية
read-terms = قراءة الشروط والأحكام
accept-terms = أوافق على الشروط والأحكام
decline-link = لا أريد هذه الدعوة
email-form = يُرجى إدخال عنوان بريد إلكتروني بالصيغة name@example.org
first-name-missing = يُرجى إدخال الاسم الأول
last-name-missing = يُرجى إدخال اسم العائلة
first-name-form = يُرجى كتابة الاسم الأول في سطر واحد، من دون روابط، وبما لا يزيد على 100 حرف
last-name-form = يُرجى كتابة اسم العائلة في سطر واحد، من دون روابط، وبما لا يزيد على 100 حرف
company-form = يُرجى إدخال اسم الشركة في سطر واحد، بما لا يزيد على 200 حرف
password-confirmation-form = يُرجى إدخال كلمة المرور نفسها في الحقلين
accept-terms-form = تلزم الموافقة على الشروط والأحكام لإنشاء الحساب

# Rules for passwords
rules-heading = متطلبات كلمة المرور
rules-done = جميع القواعد مستوفاة
rules-left-one = بقيت قاعدة واحدة
rules-left-two = بقيت قاعدتان
rules-left-few = بقيت { "{n}" } قواعد
rules-left-many = بقيت { "{n}" } قاعدة
rules-left-other = بقيت { "{n}" } قاعدة
rule-met = مستوفاة
rule-unmet = غير مستوفاة بعد
rule-confirmation = متطابقة في الحقلين
rule-min_length = { $number ->
    [zero] { $number } حرف على الأقل
    [one] حرف واحد على الأقل
    [two] حرفان على الأقل
    [few] { $number } أحرف على الأقل
    [many] { $number } حرفًا على الأقل
   *[other] { $number } حرف على الأقل
}
rule-max_length = { $number } بايت على الأكثر
rule-uppercase = حرف كبير، مثل A
rule-lowercase = حرف صغير، مثل a
rule-digit = رقم
rule-special = رمز خاص، مثل ! أو مسافة
rule-not_personal = لا تتضمن أي جزء من اسمك أو بريدك الإلكتروني أو اسم شركتك
rule-not_common = ليست كلمة شائعة ولا كلمة مرور شائعة
rule-not_common-inside = يصعب تخمينها حتى بعد حذف أي كلمة شائعة منها
rule-not_reused = مختلفة عن كلمات مرورك السابقة (آخر { $number })
rule-strength = يصعب تخمينها
rule-not_breached = غير معروفة من تسريب بيانات
wrong-several = لا تستوفي كلمة المرور { $number } من القواعد المذكورة أدناه.
wrong-min_length = كلمة المرور قصيرة جدًا.
wrong-max_length = كلمة المرور طويلة جدًا.
wrong-uppercase = يُرجى إضافة حرف كبير.
wrong-lowercase = يُرجى إضافة حرف صغير.
wrong-digit = يُرجى إضافة رقم.
wrong-special = يُرجى إضافة رمز خاص.
wrong-not_personal = يُرجى عدم تضمين اسمك أو بريدك الإلكتروني أو اسم شركتك.
wrong-not_common = هذه كلمة شائعة أو كلمة مرور شائعة: يُرجى اختيار غيرها.
wrong-not_reused = سبق لك استخدام كلمة المرور هذه: يُرجى اختيار غيرها.
wrong-strength = يسهل تخمين كلمة المرور هذه: يُرجى إضافة كلمة أو كلمتين.
wrong-not_breached = كلمة المرور هذه معروفة من تسريب بيانات: يُرجى اختيار غيرها.
strength = قوة كلمة المرور
strength-0 = ضعيفة جدًا
strength-1 = ضعيفة
strength-2 = مقبولة
strength-3 = قوية
strength-4 = قوية جدًا
advice-add_words = يُرجى إضافة كلمة أو كلمتين. الكلمات غير الشائعة أفضل.
advice-use_words = يُرجى استخدام بضع كلمات لا رابط بينها.
advice-capitals_help_little = الحرف الكبير في البداية لا يفيد كثيرًا.
advice-all_capitals_help_little = كتابة كل الحروف كبيرة لا تفيد كثيرًا.
advice-reversed_helps_little = الكلمات المقلوبة يسهل تخمينها.
advice-substitutions_help_little = استبدال الحروف برموز، مثل @ بدلًا من a، لا يفيد كثيرًا.
advice-avoid_key_rows = يُرجى تجنب صفوف لوحة المفاتيح.
advice-avoid_repeats = يُرجى تجنب تكرار الكلمات والأحرف.
advice-avoid_sequences = يُرجى تجنب التسلسلات مثل abc أو 6543.
advice-avoid_dates = يُرجى تجنب التواريخ والسنوات.
advice-avoid_common = يُرجى تجنب كلمات المرور والأسماء الشائعة.
broken-min_length = كلمة المرور قصيرة جدًا.
broken-max_length = الحد الأقصى هو { $number } بايت.
broken-uppercase = يُرجى إضافة حرف كبير.
broken-lowercase = يُرجى إضافة حرف صغير.
broken-digit = يُرجى إضافة رقم.
broken-special = يُرجى إضافة رمز خاص.
broken-not_personal = يُرجى عدم تضمين الاسم أو عنوان البريد الإلكتروني أو اسم الشركة.
broken-not_common = هذه كلمة شائعة أو كلمة مرور شائعة: يُرجى اختيار غيرها.
broken-not_reused = سبق استخدام كلمة المرور هذه: يُرجى اختيار غيرها.
broken-strength = يسهل تخمين كلمة المرور هذه: يُرجى إضافة كلمة أو كلمتين.
broken-not_breached = كلمة المرور هذه معروفة من تسريب بيانات: يُرجى اختيار غيرها.

# What became of it
address-undo = حتى { $until } يمكن إعادة هذا العنوان إلى الحساب الذي كان يستخدمه من قبل.
address-undo-yours = هل ذلك الحساب لك ولم تغيّر عنوانه بنفسك؟ إذًا لا تسجّل هنا، بل افتح رسالة تغيير العنوان واختر «التراجع عن التغيير».
registered-heading = حسابك جاهز
registered-text = يمكنك تسجيل الدخول بعنوان بريدك الإلكتروني وكلمة المرور التي اخترتها الآن.
dead-link-heading = لم يعد هذا الرابط يعمل
dead-link-text = استُخدم هذا الرابط من قبل، أو انتهت صلاحيته، أو حلّ محله رابط أحدث. إذا كنت قد أنشأت حسابك، فسجّل الدخول بعنوان بريدك وكلمة مرورك.
invited-by-before = دعاك { $inviter } للانضمام إلى { $company }. يمكنك أيضًا أن تطلب المساعدة ممن دعاك.
dead-link-ask = لم تنشئ حسابك بعد؟ اطلب دعوة جديدة.
ask-for-invitation = طلب دعوة جديدة
dead-link-log-in = لديك حساب بالفعل؟ تسجيل الدخول
link-for-another-heading = أنت مسجّل الدخول بحساب آخر
link-for-address = هذا الرابط مخصّص للعنوان { $address }، وأنت مسجّل الدخول بالحساب { $other }. سجّل الخروج للمتابعة بالعنوان { $address }.
link-for-another = هذا الرابط مخصّص لحساب آخر، وأنت مسجّل الدخول بالحساب { $other }. سجّل الخروج للمتابعة.
form-for-address = هذه الصفحة مخصّصة للعنوان { $address }. أنت مسجّل الدخول بالحساب { $other }، وسيُسجَّل خروجك منه عند الانتهاء هنا.
form-for-another = هذه الصفحة لإنشاء حساب جديد. أنت مسجّل الدخول بالحساب { $other }، وسيُسجَّل خروجك منه عند الانتهاء هنا.
log-out-and-continue = تسجيل الخروج والمتابعة
log-out-and-log-in = تسجيل الدخول بحساب آخر
logged-in-as = أنت مسجّل الدخول بالحساب { $address }.
stay-logged-in = البقاء في الحساب الحالي
no-cookie-heading = يُرجى فتح الرابط في رسالتك مرة أخرى
no-cookie-text = لم يحتفظ هذا المتصفح بالرابط، أو احتفظ به لأكثر من نصف ساعة. يُرجى فتح الرابط في الرسالة مرة أخرى، في هذا المتصفح، والسماح بملفات تعريف الارتباط لهذه الصفحة.
account-exists-heading = لديك حساب بالفعل
account-exists-text = يوجد حساب بعنوان البريد الإلكتروني هذا. يُرجى تسجيل الدخول به.
ask-decline-heading = رفض الدعوة؟
ask-decline-text = سيتوقف الرابط عن العمل، ولن يُنشأ لك أي حساب.
decline = رفض الدعوة
decline-back = العودة إلى الدعوة
declined-heading = تم رفض الدعوة
declined-text = لم يعد الرابط يعمل. يمكنك إغلاق هذه الصفحة.
renewal-asked-heading = نقلنا طلبك
renewal-asked-text = إذا كان الرابط يخص دعوة، فسنطلب ممن أرسلها دعوة جديدة. يُرجى تفقّد بريدك لاحقًا.

# What went wrong
not-found-heading = لا يوجد شيء هنا
not-found-text = ربما كُتب العنوان بشكل غير صحيح، أو نُقلت الصفحة.
forbidden-heading = لا يمكنك القيام بذلك
forbidden-text = ليست لحسابك صلاحية القيام بذلك.
forged-heading = يُرجى المحاولة مرة أخرى
forged-text = بقيت الصفحة مفتوحة مدة طويلة، أو أن هذا المتصفح لا يحتفظ بملفات تعريف الارتباط من { $product }. يُرجى العودة وإعادة تحميل الصفحة والسماح بملفات تعريف الارتباط.
stale-heading = يُرجى الإرسال مرة أخرى
stale-text = سجّلت الدخول أو الخروج في علامة تبويب أخرى بعد فتح هذه الصفحة. لم يُنفَّذ شيء بعد.
other-site-heading = وصل هذا من موقع آخر
other-site-text = لم يُنفَّذ شيء. افتح الصفحة هنا وحاول مرة أخرى.
conflict-heading = تغيّر هذا في هذه الأثناء
conflict-text = أجرى شخص آخر تغييرًا قبلك. يُرجى الاطلاع على الوضع الحالي ثم اتخاذ القرار من جديد.
busy-heading = الضغط كبير الآن
busy-text = لم يتغيّر شيء. يُرجى المحاولة مرة أخرى بعد بضع ثوانٍ.
bad-request-heading = لم يصل الطلب كما ينبغي
bad-request-text = يُرجى العودة وإعادة تحميل الصفحة والمحاولة مرة أخرى.
too-large-heading = البيانات المُرسلة كبيرة جدًا
too-large-text = حجم ما أُرسل أكبر مما تقبله هذه الصفحة.
unavailable-heading = عذرًا، يُرجى المحاولة لاحقًا
unavailable-text = هناك شيء لا يعمل لدينا الآن. يُرجى المحاولة مرة أخرى بعد قليل.
administrators-only = فتح هذه الصفحة متاح للمسؤولين فقط.
operators-only = يمكن للمشغّلين فقط فتح هذه الصفحة.

# The account
your-account = حسابك
member-since = تاريخ الانضمام
signed-in-at = وقت تسجيل الدخول

# Invitations
invitations = الدعوات
invite-someone = دعوة شخص
invite-text = تصل إلى الشخص رسالة فيها رابط لإنشاء حساب في { $product }. ومن لديه حساب بالفعل يسجّل الدخول ويقبل الدعوة.
invite-own-address = هذا عنوانك أنت. يُرجى دعوة شخص آخر
invite-account-disabled = حساب هذا الشخص معطّل. فعّل الحساب بدلًا من ذلك.
invite-company-not-trusted = شركتك جديدة. احذف الملاحظة.
invite-few = { $number ->
    [zero] شركتك جديدة. لا يمكنك إرسال دعوات حتى يثق بها المشغّل.
    [one] شركتك جديدة. حتى يثق بها المشغّل يمكنك إرسال دعوة واحدة في اليوم، دون ملاحظة.
    [two] شركتك جديدة. حتى يثق بها المشغّل يمكنك إرسال دعوتين في اليوم، دون ملاحظة.
    [few] شركتك جديدة. حتى يثق بها المشغّل يمكنك إرسال { $number } دعوات في اليوم، دون ملاحظة.
    [many] شركتك جديدة. حتى يثق بها المشغّل يمكنك إرسال { $number } دعوة في اليوم، دون ملاحظة.
   *[other] شركتك جديدة. حتى يثق بها المشغّل يمكنك إرسال { $number } دعوة في اليوم، دون ملاحظة.
}
trust-company = شركة جديدة
trust-company-text = أنشأ هذا الشخص الشركة عند التسجيل. لا يستطيع مسؤولوها دعوة سوى عدد قليل من الأشخاص في اليوم، ودون ملاحظة، حتى تثق بالشركة.
trust-company-button = الوثوق بهذه الشركة
invite-conflict = أرسل شخص آخر للتو دعوة إلى هذا العنوان: يُرجى الاطلاع على القائمة
roles-hint = ما يُسمح للشخص بفعله. تظهر لك الأدوار التي يمكنك منحها.
role-operator = مشغّل النظام
role-operator-description = يدير هذا النظام: يُسمح له بكل شيء في كل الشركات
role-company_administrator = مدير الشركة
role-company_administrator-description = يدعو أفراد شركة واحدة ويديرهم
subscriptions-hint = ما يُسمح للشخص باستخدامه.
expires-in = مدة بقاء الدعوة مفتوحة
note = ملاحظة شخصية
note-hint = تُضاف إلى الرسالة كما كُتبت هنا. 1000 حرف على الأكثر.
note-form = يُرجى كتابة 1000 حرف على الأكثر
choose-from-list = يُرجى الاختيار من القائمة
field-form = يُرجى التحقق مما أدخلته هنا
send-invitation = إرسال الدعوة
search = بحث
search-address = بداية البريد الإلكتروني
filter-by-state = التصفية حسب الحالة
state-all = الكل
state-pending = معلّقة
state-accepted = مقبولة
state-declined = مرفوضة
state-expired = منتهية الصلاحية
state-revoked = مسحوبة
state-superseded = مستبدلة
state-queued = بانتظار الإرسال
state-leased = قيد الإرسال
state-sent = مُرسلة
state-failed = تعذّر الإرسال
state-dropped = غير لازمة
nobody-invited-heading = لا توجد دعوات بعد
nobody-invited-text = يمكنك دعوة أول شخص: تصل إليه رسالة فيها رابط لإنشاء الحساب.
nothing-found-heading = لا توجد نتائج
nothing-found-text = لا توجد دعوة مطابقة. يمكنك تجربة حالة أخرى، أو أحرف أقل.
pages = الصفحات
first-page = الصفحة الأولى
next-page = الصفحة التالية
actions = ما يمكنك فعله
resend = إعادة الإرسال
resend-hint = رسالة جديدة برابط جديد. تتوقف الروابط المُرسلة من قبل عن العمل، وتبدأ المدة من جديد.
expires-utc = مفتوحة حتى (بالتوقيت العالمي)
change-expiry = تغيير
expiry-form = يُرجى اختيار وقت في المستقبل، بعد 30 يومًا من الآن على الأكثر
revoke = سحب الدعوة…
revoke-heading = سحب هذه الدعوة؟
revoke-text = ستتوقف الروابط المُرسلة إلى { $name } عن العمل. يمكنك دعوة الشخص نفسه مرة أخرى لاحقًا.
revoke-confirm = سحب الدعوة
attempts-label = المحاولات
settled = انتهت المعالجة
last-error = آخر خطأ

# The development mailbox
mailbox = صندوق البريد
mailbox-text = للتطوير: تصل الرسائل إلى هنا بدلًا من الأشخاص.
mailbox-empty-heading = لا رسائل بعد
mailbox-empty-text = عند دعوة شخص، تظهر الرسالة الموجّهة إليه هنا.
mail-to = إلى
mail-as-text = جزء النص العادي

# Around signing in
throttled-heading = محاولات كثيرة جدًا
throttled-text = لم يتغير شيء.
wait-seconds = { $number ->
    [zero] حاول مرة أخرى الآن.
    [one] حاول مرة أخرى بعد ثانية واحدة.
    [two] حاول مرة أخرى بعد ثانيتين.
    [few] حاول مرة أخرى بعد { $number } ثوانٍ.
    [many] حاول مرة أخرى بعد { $number } ثانية.
   *[other] حاول مرة أخرى بعد { $number } ثانية.
}
wait-minutes = { $number ->
    [zero] حاول مرة أخرى الآن.
    [one] حاول مرة أخرى بعد دقيقة واحدة.
    [two] حاول مرة أخرى بعد دقيقتين.
    [few] حاول مرة أخرى بعد { $number } دقائق.
    [many] حاول مرة أخرى بعد { $number } دقيقة.
   *[other] حاول مرة أخرى بعد { $number } دقيقة.
}
wait-hours = { $number ->
    [zero] حاول مرة أخرى الآن.
    [one] حاول مرة أخرى بعد ساعة واحدة.
    [two] حاول مرة أخرى بعد ساعتين.
    [few] حاول مرة أخرى بعد { $number } ساعات.
    [many] حاول مرة أخرى بعد { $number } ساعة.
   *[other] حاول مرة أخرى بعد { $number } ساعة.
}
try-again = المحاولة مرة أخرى
try-again-in = المحاولة مرة أخرى بعد { "{n}" } ث
typed-is-kept = حُفظ ما كتبته، فلا حاجة إلى كتابته من جديد.
typed-is-kept-but-secrets = حُفظ ما كتبته. حفاظًا على أمانك لا يشمل ذلك كلمات المرور والرموز والإجابات، وستُطلب منك مرة أخرى.
forgot-password = هل نسيت كلمة المرور؟
no-account = ليس لديك حساب؟ سجّل الآن
have-account = لديك حساب؟ سجّل الدخول
back-to-login = العودة إلى تسجيل الدخول

# Signing up
sign-up = إنشاء حساب
sign-up-heading = إنشاء حساب في { $product }
sign-up-company-hint = تُفتح شركة جديدة وتكون أنت مديرها. للانضمام إلى شركة موجودة هنا، اطلب دعوة من مديرها.
sign-up-email-hint = نرسل رسالة إليه لنتأكد من أنها تصلك.
country = البلد أو المنطقة
choose-country = اختر من القائمة
country-form = اختر بلدك أو منطقتك
email-domain = استخدم عنوان شركتك: لا يمكن التسجيل هنا بعناوين هذا النطاق
email-disposable = استخدم عنوانًا يبقى لك: هذا العنوان من خدمة بريد مؤقت
send-registration-email = إرسال رسالة التسجيل
registration-closed-heading = تحتاج إلى دعوة
registration-closed-text = لا يمكن لأحد التسجيل هنا بنفسه. اطلب دعوة من مدير شركتك.
check-mail-heading = تحقق من بريدك
sign-up-sent-text = إذا كان من الممكن تسجيل { $address } فإن رسالة في طريقها إليه.
sign-up-sent-both = اضغط على «تفعيل التسجيل» فيها، أو اكتب الرمز هنا.
sign-up-sent-link = اضغط على «تفعيل التسجيل» فيها للمتابعة.
sign-up-sent-code = اكتب الرمز الوارد فيها هنا.
code = الرمز
code-hint = 8 أرقام. يعمل رمز أحدث رسالة فقط.
code-missing = يُرجى كتابة الرمز الوارد في أحدث رسالة
code-wrong = هذا الرمز لا يعمل. ابحث عن أحدث رسالة، أو اطلب إرسالها مرة أخرى.
confirm-code = متابعة
mail-not-there = لم يصل شيء بعد بضع دقائق؟ انظر في مجلد الرسائل غير المرغوبة، وتحقق من العنوان.
send-again = إرسال مرة أخرى
send-again-in = الإرسال مرة أخرى بعد { "{n}" } ث
change-address = استخدام عنوان آخر
set-password = تعيين كلمة المرور
activate-text = تم تأكيد عنوانك. اختر كلمة مرور لإكمال التسجيل.
activate-name = الاسم
activate-change = تغيير هذه البيانات
activate-approval = ثم يسمح لك أحد المديرين بالدخول.
activate-email-fixed = أُرسلت الرسالة إلى هذا العنوان. لا يمكن تغييره هنا.
sign-up-again = التسجيل من جديد
dead-activation-heading = لم يعد هذا الرابط يعمل
dead-activation-text = ربما انتهت مدته أو استُخدم. إذا لم تعيّن كلمة مرور بعد فسجّل من جديد: لن يستغرق ذلك سوى دقيقة.
awaiting-approval-heading = أوشكت على الانتهاء
awaiting-approval-text = ينظر أحد المديرين الآن في تسجيلك. ستصلك رسالة فور السماح لك بالدخول، وعندها يمكنك تسجيل الدخول بكلمة مرورك.

# Recovery
forgot-heading = هل نسيت كلمة المرور؟
forgot-text = أدخل عنوان حسابك. نرسل إليه رابطًا تختار به كلمة مرور جديدة.
send-email = إرسال الرسالة
forgot-sent-text = إذا كان { $address } يخص حسابًا فإن رسالة في طريقها إليه. اضغط على «إعادة تعيين كلمة المرور» فيها.
reset-password = إعادة تعيين كلمة المرور
reset-text = بعد ذلك يُسجَّل خروجك من كل مكان، وتسجّل الدخول بكلمة المرور الجديدة.
new-password = كلمة المرور الجديدة
new-password-confirmation = تأكيد كلمة المرور الجديدة
reset-done-heading = تم تعيين كلمة مرورك الجديدة
reset-done-text = تم تسجيل خروجك من كل مكان. سجّل الدخول بكلمة المرور الجديدة.
ask-for-new-link = طلب رابط جديد
dead-reset-heading = لم يعد هذا الرابط يعمل
dead-reset-text = ربما انتهت مدته أو استُخدم أو أنهاه تغيير في حسابك. اطلب رابطًا جديدًا: لن يستغرق ذلك سوى دقيقة.
report = لم أكن أنا
report-reset-heading = ألم تطلب كلمة مرور جديدة؟
report-reset-text = إذًا أخبرنا هنا. ستتوقف الروابط المرسلة عن العمل ويُبلَّغ المديرون. وتبقى كلمة مرورك كما هي.
report-change-heading = ألم تغيّر كلمة مرورك؟
report-change-text = إذًا أخبرنا هنا. ستتوقف كلمة المرور عن العمل فورًا، وتنتهي كل الجلسات، ويُبلَّغ المديرون، ويصلك رابط لاختيار كلمة جديدة.
reported-reset-heading = شكرًا لك: لم تعد الروابط تعمل
reported-reset-text = تم إبلاغ المديرين. تبقى كلمة مرورك كما هي. إذا كنت تظن أن أحدًا يقرأ بريدك فأخبر مديرك.
reported-change-heading = شكرًا لك: أُغلق حسابك في وجه من فعل ذلك
reported-change-text = لم تعد كلمة المرور تُدخل أحدًا وانتهت كل الجلسات. رابط لاختيار كلمة مرور جديدة في طريقه إليك.
dead-report-heading = لم يعد هذا الرابط يعمل
dead-report-text = ربما استُخدم أو انتهت مدته. إذا لم تكن واثقًا من كلمة مرورك فاختر كلمة جديدة.

# Changing the password
change-password = تغيير كلمة المرور
current-password = كلمة المرور الحالية
current-password-wrong = هذه ليست كلمة مرورك الحالية
change-required-heading = اختر كلمة مرور جديدة
change-required-text = تتابع فور اختيارها. استخدم كلمة المرور التي سجّلت بها الدخول الآن بوصفها الحالية.
save = حفظ
go-on = متابعة
password-changed-heading = تم تغيير كلمة مرورك
password-changed-text = انتهت كل جلساتك الأخرى.

# Help
help-link = مساعدة
help-heading = المساعدة في الدخول
help-password-heading = نسيت كلمة مرورك
help-password-text = اطلب إرسال رابط إلى عنوانك واختر كلمة جديدة.
help-mail-heading = لا تصل أي رسالة
help-mail-text = انظر في مجلد الرسائل غير المرغوبة. تحقق من أنه عنوان حسابك. انتظر بضع دقائق قبل أن تطلب مرة أخرى.
help-account-heading = ليس لديك حساب بعد
help-account-text = اطلب دعوة من مدير شركتك.
help-still = ما زلت لا تستطيع الدخول؟
help-still-address = تحقق من أنك تستخدم عنوان البريد الصحيح.
help-still-typing = أظهر كلمة المرور أثناء كتابتها، وانتبه إلى الأحرف الكبيرة.
help-still-cache = امسح ذاكرة التخزين المؤقت وملفات تعريف الارتباط في المتصفح ثم حاول مرة أخرى.
help-still-browser = جرّب متصفحًا أو جهازًا آخر.
help-still-contact = اسأل مدير شركتك، أو اكتب إلينا:
help-suspicious-heading = وصلتك رسالة لم تطلبها
help-suspicious-text = اضغط على «لم أكن أنا» فيها: يموت الرابط ويُبلَّغ مديرو { $product }.
never-ask = لا أحد من { $product } يطلب كلمة مرورك بالبريد أو الهاتف أبدًا.

# People
accounts = الأشخاص
registrations = التسجيلات
state-active = نشط
state-disabled = معطّل
no-accounts-heading = لم يُعثر على أحد
no-accounts-text = لا يطابق أي حساب. جرّب عوامل تصفية أخرى أو حروفًا أقل.
must-change-password = عليه اختيار كلمة مرور جديدة
to-do = ما يجب فعله أولًا
failed-logins = محاولات الدخول الفاشلة المتتالية
locked-until = لا دخول قبل
reset-somebody = إعادة تعيين كلمة المرور
reset-somebody-text = فقط بعد أن تتأكد ممن يطلب ذلك. تُسجَّل طريقة تأكدك.
check-method = كيف تأكدت؟
check-in_person = وجهًا لوجه
check-video_call = بمكالمة فيديو
check-call_back = بمعاودة الاتصال برقم معروف
check-document = بوثيقة
check-other = بطريقة أخرى
check-note = ما الذي يثبت ذلك
check-note-hint = مثل من الذي شهد له. 200 حرف على الأكثر.
check-note-form = اكتب ما يثبت ذلك، بما لا يزيد على 200 حرف
reset-by-link = إرسال رابط إعادة التعيين
reset-by-password = تعيين كلمة مرور مؤقتة
temporary-heading = أبلغ الشخص بكلمة المرور هذه
temporary-text = شخصيًا أو بالهاتف، وليس بالبريد أبدًا. تظهر هذه المرة فقط، وتصلح لدخول واحد: ثم يختار الشخص كلمة جديدة.
temporary-until = تعمل حتى
reset-link-sent-heading = الرسالة في طريقها
reset-link-sent-text = توقفت الروابط الأقدم عن العمل. تبقى كلمة المرور كما هي حتى اختيار كلمة جديدة.
back-to-account = العودة إلى الحساب
require-change = المطالبة بكلمة مرور جديدة
require-change-hint = فورًا، وفي الجلسات المفتوحة أيضًا. يُبلَّغ الشخص بالبريد.
unlock = السماح بالمحاولة مرة أخرى
unlock-hint = ينسى محاولات الدخول الفاشلة.
end-sessions = إنهاء كل الجلسات…
end-sessions-hint = على الشخص تسجيل الدخول من جديد في كل مكان.
disable-account = تعطيل الحساب…
disable-account-hint = لا يمكن للشخص تسجيل الدخول ما دام الحساب معطّلًا. يمكنك تفعيله من جديد.
enable-account = تفعيل الحساب
own-account = هذا حسابك أنت.
nobody-waits-heading = لا أحد ينتظر
nobody-waits-text = يظهر هنا من يسجّل ويحتاج إلى السماح بالدخول.
registered-at = تاريخ التسجيل
approve = الموافقة
reject = الرفض…
decide-text = إذا سمحت له بالدخول فُتحت شركة جديدة ويكون مديرها. ويُبلَّغ بالبريد في الحالتين.

choose-nothing = يُرجى الاختيار
yes = نعم
answer-missing-field = { $field }: أجب عن هذا الحقل
answer-unticked = { $field }: ضع علامة في هذا المربع
answer-too-long = { $field }: استخدم { $max } حرفًا على الأكثر
answer-bad-characters = { $field }: استخدم حروفًا وأرقامًا وعلامات ترقيم
answer-not-a-number = { $field }: استخدم عددًا صحيحًا من { $min } إلى { $max }
answer-not-a-day = { $field }: اختر يومًا، مثل 2026-01-31
answer-not-a-choice = { $field }: اختر واحدًا من القائمة
# After a login that leads on to another host
onward-heading = تم تسجيل دخولك
onward-text = يجري نقلك إلى { $place }. إن لم يحدث شيء فتابع بنفسك.
must-accept-terms = تلزم الموافقة على الشروط والأحكام

# New terms
new-terms-heading = تغيّرت الشروط والأحكام
new-terms-required = يُرجى قراءتها والموافقة عليها للمتابعة.
new-terms-later = يُرجى قراءتها والموافقة عليها الآن أو لاحقًا. لن تمكن المتابعة من دونها ابتداءً من أول تسجيل دخول بعد هذا الوقت:
terms-later = لاحقًا
accept-new-terms-form = تلزم الموافقة على الشروط والأحكام للمتابعة
terms-replaced = بدأ للتو سريان إصدار آخر: يُرجى قراءته هنا والموافقة عليه

# Publishing terms
terms-text = يوافق الجميع على الإصدار الساري عند إنشاء الحساب. ويُطلب الإصدار الجديد عند تسجيل الدخول التالي.
terms-publish-new = نشر إصدار جديد
terms-number = الإصدار { $version }
terms-in-force = ساري المفعول
terms-not-yet = لم يبدأ سريانه بعد
terms-replaced-by = حلّ محله إصدار أحدث
terms-effective = ساري المفعول من
terms-effective-utc = ساري المفعول من (بالتوقيت العالمي)
terms-effective-hint = فورًا إذا تُرك فارغًا.
terms-at-once = فورًا
terms-due = لا متابعة من دونه ابتداءً من
terms-languages = اللغات
terms-grace = يمكن تأجيل الموافقة لمدة
grace-none = لا تأجيل: عند تسجيل الدخول التالي
terms-new-text = لا يتغيّر الإصدار المنشور أبدًا، حتى قبل بدء سريانه. ما تكتبه هنا يحل محل الإصدار الساري.
terms-texts = النص
terms-texts-hint = بصيغة Markdown. من يقرأ بلغة تُركت فارغة يظهر له النص بالإنجليزية، أو بأول لغة متاحة.
terms-preview = معاينة
terms-preview-heading = هل تريد نشر هذا الإصدار؟
terms-preview-text = لا يمكن تغييره أو سحبه بعد النشر. وتُطلب الموافقة عليه من كل صاحب حساب عند تسجيل الدخول التالي.
terms-publish = نشر
terms-edit = متابعة الكتابة
terms-past = يُرجى اختيار وقت لم يمضِ بعد، أو تركه فارغًا
terms-text-missing = يُرجى كتابة النص بهذه اللغة: { $language }
terms-text-placeholder = يُرجى استبدال النص المؤقت بشروطك بهذه اللغة: { $language }
terms-text-form = يُرجى اختصار النص بهذه اللغة إلى 200,000 بايت على الأكثر: { $language }
terms-conflict = نشر شخص آخر إصدارًا للتو: يُرجى الاطلاع عليه أولًا

# An invitation for somebody who has an account
access-heading = صلاحيات إضافية لك
access-offered = ستحصل بحسابك على:
access-nothing = لا تضيف هذه الدعوة شيئًا إلى حسابك، ويمكنك قبولها مع ذلك.
access-log-in = لديك حساب بالعنوان { $address }. سجّل الدخول به لقبول الدعوة.
access-accept = قبول
access-accepted-heading = تم القبول
access-accepted-text = أُضيف ما مُنح لك إلى حسابك في { $product }، وأرسلنا إليك رسالة بذلك.
access-elsewhere-heading = هذه الدعوة لا تناسب حسابك
access-elsewhere-text = يوجد حساب بعنوان البريد الإلكتروني هذا يتبع شركة أخرى، والحساب يتبع شركة واحدة. اطلب ممن دعاك أن يدعو عنوانًا آخر من عناوينك.
ask-decline-access-heading = هل تريد رفض الدعوة؟
ask-decline-access-text = سيتوقف الرابط عن العمل، ويبقى حسابك كما هو.
account-security = الأمان
sign-in-heading = تسجيل الدخول
change-email = تغيير عنوان البريد الإلكتروني
email-waits = بانتظار التأكيد:
email-waits-heading = هناك تغيير ينتظر التأكيد
email-waits-text = افتح الرابط في الرسالة المرسلة إلى العنوان الجديد:
email-waits-until = يمكن تأكيده حتى
email-cancel = عدم التغيير
email-now = عنوانك الآن:
new-email = عنوان البريد الإلكتروني الجديد
new-email-hint = ستُرسل إليه رسالة فيها رابط. يتغيّر العنوان فور فتح الرابط وتأكيده.
email-same = هذا عنوانك بالفعل: أدخل عنوانًا آخر
email-asked-heading = تحقق من صندوق بريدك الجديد
email-asked-text = إذا كان استخدام العنوان ممكنًا، فهناك رسالة فيها رابط في طريقها إليه. يبقى كل شيء كما هو إلى أن تؤكده. ويُبلَّغ عنوانك القديم أيضًا.
confirm-email = تأكيد العنوان
confirm-email-heading = هل تريد أن يكون هذا عنوانك؟
confirm-email-text = سيكون لحسابك العنوان { $address }. تنتهي الجلسات الأخرى، وبعد ذلك سجّل الدخول بهذا العنوان.
email-confirmed-heading = تم تغيير عنوان بريدك الإلكتروني
email-confirmed-text = سجّل الدخول بالعنوان الجديد من الآن. أُبلغ العنوان القديم، ويمكن التراجع منه عن التغيير لعدة أيام.
undo-email = التراجع عن التغيير
undo-email-heading = ألم تغيّر عنوانك؟
undo-email-text = إذًا تراجع عن ذلك هنا. يعود لحسابك العنوان { $address }، وتتوقف كلمة المرور عن العمل فورًا، وتنتهي كل الجلسات، ويُبلَّغ المديرون، ويصلك رابط لاختيار كلمة مرور جديدة.
email-undone-heading = شكرًا لك: عاد حسابك إليك
email-undone-text = عاد له عنوانه القديم. لم تعد كلمة المرور تُدخل أحدًا وانتهت كل الجلسات. رابط لاختيار كلمة مرور جديدة في طريقه إليك.
dead-email-heading = لم يعد هذا الرابط يعمل
dead-email-text = ربما استُخدم أو انتهت مدته، أو حل محله تغيير أحدث.
sessions-heading = أين سُجّل دخولك
sessions-text = أنهِ كل ما لا تعرفه، ثم غيّر كلمة مرورك.
session-current = هذه الجلسة
session-used = آخر استخدام
session-network = عنوان الشبكة
session-end = إنهاء
sessions-end-others = تسجيل خروج الأجهزة الأخرى…
device-both = { $browser } على { $system }
device-unknown = جهاز غير معروف
events-heading = ما حدث
events-text = إذا لم تكن أنت من فعل شيئًا منها، فغيّر كلمة مرورك وأنهِ الجلسات الأخرى.
event-by-administrator = من أحد المديرين
event-user_created = فُتح الحساب
event-user_disabled = عُطّل الحساب
event-user_enabled = فُعّل الحساب من جديد
event-authn_login_success = تسجيل دخول
event-authn_login_fail = جُرّبت كلمة مرور خاطئة
event-session_ended = أُنهيت جلسة
event-authn_password_reset = عُيّنت كلمة مرور جديدة عبر رابط مرسل
event-authn_password_change = غُيّرت كلمة المرور
event-authn_password_reset_issued = أُعيد تعيين كلمة المرور
event-authn_password_change_required = طُلبت كلمة مرور جديدة
event-access_reported = ورد بلاغ «لم أكن أنا»
event-authn_login_unlock = سُمح بتسجيل الدخول من جديد
event-sessions_ended = أُنهيت جلسات
event-authn_reauthenticated = أُدخلت كلمة المرور من جديد
event-authn_password_reset_mailed = أُرسل رابط لتعيين كلمة مرور جديدة
event-email_change_requested = طُلب عنوان بريد إلكتروني جديد
event-email_change_cancelled = أُلغي طلب تغيير عنوان البريد الإلكتروني
event-email_changed = غُيّر عنوان البريد الإلكتروني
event-email_change_undone = تم التراجع عن تغيير عنوان البريد الإلكتروني
reauthenticate-heading = أدخل كلمة مرورك مرة أخرى
reauthenticate-text = ما تريد فعله يتطلبها، حتى لا يفعله أحد غيرك في جلسة مفتوحة.

# The picture
picture-change = تغيير الصورة
picture-heading = صورتك
picture-yours = هكذا يراك الآخرون.
picture-none = ليست لديك صورة بعد: يرى الآخرون الأحرف الأولى من اسمك.
picture-file = اختر صورة
picture-hint = بصيغة PNG أو JPEG أو WebP، حتى 5 ميغابايت و4096 × 4096 بكسل. يُزال مكان التقاطها.
picture-crop-hint = اسحب الصورة أو حرّكها بمفاتيح الأسهم. يُحفظ ما يظهر داخل المربع.
picture-crop-label = الجزء الذي يُحفظ من الصورة
picture-zoom = تكبير
picture-save = حفظ
picture-delete = حذف الصورة…
picture-missing = اختر صورة أولًا.
picture-too-large = اختر صورة لا يزيد حجمها على 5 ميغابايت.
picture-too-many-pixels = اختر صورة لا تزيد على 4096 × 4096 بكسل.
picture-unknown-type = اختر صورة بصيغة PNG أو JPEG أو WebP.
picture-damaged = هذا الملف تالف. اختر ملفًا آخر.
picture-square-outside = اختر جزء الصورة من جديد.
picture-not-offered = لا تُقبل الصور هنا.
# Profile and settings
profile = الملف الشخصي
settings = الإعدادات
security = الأمان
your-access = صلاحياتك
profile-saved = حُفظ ملفك الشخصي.
settings-saved = حُفظت إعداداتك.
phone = الهاتف
phone-hint = مع علامة + ورمز الدولة، مثل ⁦+966 50 123 4567⁩
phone-form = يُرجى كتابة رقم الهاتف مع علامة + ورمز الدولة، مثل ⁦+966 50 123 4567⁩
department = القسم
department-form = يُرجى كتابة القسم في سطر واحد، وبما لا يزيد على 100 حرف
job-title = المسمى الوظيفي
job-title-form = يُرجى كتابة المسمى الوظيفي في سطر واحد، وبما لا يزيد على 100 حرف
language-form = يُرجى اختيار لغة من القائمة
time-zone = المنطقة الزمنية
time-zone-hint = للبحث اكتب اسم مدينة بالإنجليزية، مثل Dubai.
time-zone-now = الساعة الآن في { $zone } هي { $time } ({ $offset }).
time-zone-form = يُرجى اختيار منطقة زمنية من القائمة، أو كتابة اسم مدينة بالإنجليزية مثل Dubai
time-zone-use = استخدام { "{n}" }
notifications = الرسائل التي تصلك
notifications-hint = الرسائل التي تحفظ أمان حسابك تصل دائمًا.
notifications-form = يُرجى الاختيار من القائمة
notification-sign_ins = تسجيل دخول إلى حسابك من متصفح جديد
notification-invitation_accepted = قبول دعوة أرسلتها
notification-registration_waits = طلب تسجيل في انتظار الموافقة
# The first login
welcome-steps = خطوات إعداد حسابك
step-of = الخطوة { $number } من { $count }
step-open = لم تُنجز
step-done = أُنجزت
step-skipped = تم تخطيها
welcome-profile = الملف الشخصي
welcome-picture = الصورة
welcome-settings = الإعدادات
welcome-security_questions = أسئلة الأمان
welcome-tutorial = الجولة
welcome-profile-heading = أكمل ملفك الشخصي
welcome-profile-text = راجع اسمك، واذكر كيف يمكن التواصل معك.
welcome-picture-heading = أضف صورة
welcome-settings-heading = اختر إعداداتك
welcome-settings-text = يمكنك تغييرها في حسابك في أي وقت.
welcome-tutorial-heading = الخطوات الأولى
welcome-declared-text = لهذه الخطوة صفحة خاصة بها. عُد إلى هنا عندما تنتهي منها.
welcome-declared-open = افتح هذه الخطوة
welcome-declared-done = أُنجزت هذه الخطوة.
page-of = الصفحة { $number } من { $count }
previous-page = الصفحة السابقة
save-and-continue = حفظ ومتابعة
skip-step = تخطّ هذه الخطوة
finish-later = الإنهاء لاحقًا
setup-waits = لم يكتمل إعداد حسابك بعد.
setup-go-on = تابع الإعداد

security-questions = أسئلة الأمان
security-questions-text = بالإجابة عن أحد هذه الأسئلة تثبت هويتك عند تعيين كلمة مرور جديدة عبر رابط مُرسل بالبريد، أو عندما يساعدك مكتب الدعم. ولا تكفي أي إجابة وحدها.
security-questions-hint = اختر إجابات لا يستطيع الآخرون معرفتها. لا فرق بين الأحرف الكبيرة والصغيرة ولا أثر للمسافات. نحفظ الإجابات كما نحفظ كلمات المرور: لا يستطيع أحد قراءتها.
security-questions-replace = تحل الإجابات الجديدة محل كل ما قبلها.
security-questions-required = أجب عن هذه الأسئلة قبل المتابعة.
security-questions-answer = الإجابة عن أسئلة الأمان
security-questions-again = تعيين إجابات جديدة
security-questions-saved = تم حفظ إجاباتك.
security-question-number = السؤال { $number }
security-answer-number = الإجابة { $number }
security-questions-retype = اكتب جميع الإجابات من جديد: فنحن لا نعرضها أبدًا، حتى لك.
security-answer-hint = هذا أحد أسئلة الأمان الخاصة بك. لا فرق بين الأحرف الكبيرة والصغيرة ولا أثر للمسافات.
security-answer-needed = أجب عن هذا السؤال أيضًا.
security-answer-wrong = ليست هذه الإجابة التي أعطيتها. حاول مرة أخرى؛ وبعد عدة إجابات خاطئة سيتعيّن عليك الانتظار.
security-review = لديك كلمة مرور جديدة. تأكد من أنك تعرف كل الجلسات والأحداث أدناه، وراجع إعداداتك.
security-answer-same-question = اختر كل سؤال مرة واحدة.
security-answer-too-short = استخدم 3 أحرف على الأقل.
security-answer-too-long = استخدم 100 حرف على الأكثر.
security-answer-personal = استخدم شيئًا غير اسمك وبريدك الإلكتروني وشركتك.
security-answer-too-simple = استخدم شيئًا لا يجرّبه أحد أولًا.
security-answer-same-answer = أعطِ كل سؤال إجابة خاصة به.
security-answer-password = استخدم شيئًا غير كلمة مرورك.
check-security_question = سؤال الأمان، ويُتحقق منه هنا
check-answer = الإجابة عن سؤال الأمان
check-answer-hint = اسأل واكتب ما يقوله الشخص، إذا اخترت هذه الطريقة:
check-answer-needed = اكتب ما أجاب به الشخص.
check-answer-wrong = ليست هذه الإجابة التي أعطاها الشخص. تُحسب الإجابات الخاطئة.
check-answer-stray = اترك هذا الحقل فارغًا، أو اختر سؤال الأمان أعلاه.
must-answer-questions = الإجابة عن أسئلة الأمان
event-security_questions_changed = تعيين إجابات جديدة لأسئلة الأمان
event-security_answer_fail = إجابة خاطئة عن سؤال أمان
# One's own data
your-data = بياناتك
export-heading = خذ بياناتك معك
export-text = احصل على كل ما نحتفظ به عنك في ملف واحد: ملفك الشخصي وإعداداتك وجلساتك وأحداث حسابك والشروط والدعوات وصورتك.
export-hint = الملف أرشيف ZIP من نصوص عادية (JSON)، ولا يتضمن أي كلمة مرور.
export-button = تنزيل بياناتك
deletion-heading = حذف حسابك
deletion-text = يُمحى اسمك وعناوينك وهاتفك وصورتك وإعداداتك وجلساتك وكلمة مرورك، ولا يمكن استعادتها. ولن تتمكن بعدها من تسجيل الدخول.
deletion-when-days = { $number ->
    [zero] يُمحى حسابك فور طلبك.
    [one] يُمحى حسابك بعد يوم واحد من طلبك.
    [two] يُمحى حسابك بعد يومين من طلبك.
    [few] يُمحى حسابك بعد { $number } أيام من طلبك.
    [many] يُمحى حسابك بعد { $number } يومًا من طلبك.
   *[other] يُمحى حسابك بعد { $number } يوم من طلبك.
}
deletion-when-hours = { $number ->
    [zero] يُمحى حسابك فور طلبك.
    [one] يُمحى حسابك بعد ساعة واحدة من طلبك.
    [two] يُمحى حسابك بعد ساعتين من طلبك.
    [few] يُمحى حسابك بعد { $number } ساعات من طلبك.
    [many] يُمحى حسابك بعد { $number } ساعة من طلبك.
   *[other] يُمحى حسابك بعد { $number } ساعة من طلبك.
}
deletion-until-then = حتى ذلك الحين يمكنك تسجيل الدخول والتراجع. وتنتهي جميع جلساتك الأخرى فورًا.
deletion-at-once = يحدث ذلك خلال دقائق ولا يمكن التراجع عنه.
deletion-stays = ما يبقى لا يدل على هويتك: أن حسابًا كان موجودًا، وما جرى عليه.
deletion-confirm = نعم، أريد محو حسابي
deletion-confirm-form = ضع علامة في المربع إذا أردت محو حسابك
deletion-button = حذف الحساب
deletion-last-operator = أنت المشغّل الوحيد. اجعل شخصًا آخر مشغّلًا قبل أن تغادر.
deletion-not-offered = لا تُحذف الحسابات هنا. اسأل من يشغّل هذه الخدمة.
deletion-pending-heading = سيُمحى حسابك
deletion-pending-text = لقد طلبت حذفه. وسيُمحى في
deletion-pending-undo = حتى ذلك الحين يمكنك الاحتفاظ به، وكل شيء فيه كما كان.
deletion-undo = الاحتفاظ بحسابي
deletion-notice-label = حذف حسابك
deletion-notice = سيُمحى حسابك في
deletion-notice-link = الاحتفاظ بحسابي
will-be-erased = سيُمحى
event-own_data_exported = نُزّلت بيانات الحساب
event-deletion_requested = طُلب حذف الحساب
event-deletion_undone = تم التراجع عن حذف الحساب

# Filters of the list of people
role = الدور
any-role = كل الأدوار
any-company = كل الشركات
search-company = البحث عن شركة بالاسم
company-since = موجودة منذ { $time }
no-company-found = لا توجد شركة باسم «{ $name }». تحقّق من الكتابة أو اكتب حروفًا أقل.
more-companies-found = قد تكون هناك شركات أخرى. اكتب مزيدًا من حروف الاسم للعثور عليها.

copy = نسخ
copied = تم النسخ
look-again = تحديث

# ما تم، على الصفحة التالية
logged-out = تم تسجيل خروجك.
password-confirmed = تم تأكيد كلمة المرور. يمكنك المتابعة الآن.
terms-accepted = لقد قبلت الشروط.
activation-resent = أرسلنا الرسالة مرة أخرى.
picture-saved = حُفظت صورتك.
picture-removed = حُذفت صورتك.
session-ended = تم تسجيل خروج الجهاز.
other-sessions-ended = تم تسجيل خروج جميع الأجهزة الأخرى.
email-change-cancelled = يبقى عنوان بريدك الإلكتروني كما هو. لم يعد الرابط الذي أرسلناه يعمل.
deletion-requested = سيُحذف حسابك. تم تسجيل خروج جميع الأجهزة الأخرى.
deletion-cancelled = سيبقى حسابك.
step-saved = حُفظت الخطوة.
step-was-skipped = تم تخطي الخطوة. يمكنك العودة إليها في أي وقت.
invitation-queued = حُفظت الدعوة ورسالتها في الطريق.
invitation-resent = يجري إرسال الدعوة مرة أخرى.
invitation-revoked = سُحبت الدعوة. لم تعد روابطها تعمل.
expiry-changed = تم تغيير موعد انتهاء الدعوة.
password-change-required = ستُطلب كلمة مرور جديدة عند تسجيل الدخول التالي.
account-unlocked = مُسحت محاولات الدخول الفاشلة. يمكن للشخص تسجيل الدخول من جديد.
sessions-ended = تم تسجيل خروج الشخص من كل الأجهزة.
account-disabled = تم تعطيل الحساب.
company-trusted = أصبحت الشركة موثوقة. يستطيع مسؤولوها الدعوة كالمعتاد.
account-enabled = تم تفعيل الحساب. يمكن للشخص تسجيل الدخول من جديد.
registration-approved = تمت الموافقة على { $name } وستصله رسالة.
registration-rejected = تم رفض { $name } وستصله رسالة.
terms-published = نُشرت الشروط.

# ما يترتب على الفعل قبل تنفيذه
disable-heading = تعطيل حساب { $name }؟
disable-login = يُسجَّل خروج { $name } من كل الأجهزة ولا يمكن لصاحب الحساب تسجيل الدخول.
disable-invitations = تتوقف دعوات { $name } وروابط إعادة التعيين عن العمل.
disable-data = لا يُحذف شيء. يمكنك تفعيل الحساب من جديد في أي وقت.
disable-confirm = تعطيل الحساب
end-sessions-heading = تسجيل خروج { $name } من كل الأجهزة؟
end-sessions-devices = على { $name } تسجيل الدخول من جديد على كل جهاز. قد يضيع ما لم يُحفظ بعد.
end-sessions-password = تبقى كلمة المرور كما هي: يمكن لكل من يعرفها تسجيل الدخول من جديد.
end-sessions-confirm = إنهاء كل الجلسات
end-others-heading = تسجيل خروج جميع الأجهزة الأخرى؟
end-others-devices = تبقى مسجلًا الدخول هنا. عليك تسجيل الدخول من جديد على كل جهاز آخر، وقد يضيع ما لم يُحفظ بعد.
end-others-password = تبقى كلمة مرورك كما هي. إذا كان شخص آخر يعرفها فغيّرها: فذلك يسجّل خروج جميع الأجهزة الأخرى أيضًا.
end-others-confirm = تسجيل خروج الأجهزة الأخرى
reject-heading = رفض تسجيل { $name }؟
reject-mail = ستصل { $name } رسالة تخبر بذلك.
reject-again = لا يمكنك التراجع عن ذلك. لا يبقى أمام { $name } إلا التسجيل من جديد.
reject-confirm = رفض التسجيل
picture-delete-heading = حذف صورتك؟
picture-delete-text = تظهر الأحرف الأولى من اسمك مكانها. لا يمكن استعادة الصورة، ويمكنك رفعها من جديد.
picture-delete-confirm = حذف الصورة
