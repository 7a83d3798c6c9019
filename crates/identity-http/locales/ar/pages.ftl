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
} { $year }، الساعة { $time } بالتوقيت العالمي
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
invited-by = وصلتك دعوة من { $inviter } في { $company }.
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
rule-not_reused = مختلفة عن كلمات مرورك السابقة (آخر { $number })
rule-strength = يصعب تخمينها
rule-not_breached = غير معروفة من تسريب بيانات
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
registered-heading = حسابك جاهز
registered-text = يمكنك تسجيل الدخول بعنوان بريدك الإلكتروني وكلمة المرور التي اخترتها الآن.
dead-link-heading = لم يعد هذا الرابط يعمل
dead-link-text = ربما انتهت صلاحيته، أو استُخدم من قبل، أو حلّ محله رابط في رسالة أحدث. إذا لم يكن لديك حساب بعد، فيمكنك طلب دعوة جديدة ممن دعاك.
ask-for-invitation = طلب دعوة جديدة
dead-link-log-in = لديك حساب بالفعل؟ تسجيل الدخول
no-cookie-heading = يُرجى فتح الرابط في رسالتك مرة أخرى
no-cookie-text = لم يحتفظ هذا المتصفح بالرابط، أو احتفظ به لأكثر من نصف ساعة. يُرجى فتح الرابط في الرسالة مرة أخرى، في هذا المتصفح، والسماح بملفات تعريف الارتباط لهذه الصفحة.
account-exists-heading = لديك حساب بالفعل
account-exists-text = يوجد حساب بعنوان البريد الإلكتروني هذا. يُرجى تسجيل الدخول به.
ask-decline-heading = رفض الدعوة؟
ask-decline-text = سيتوقف الرابط عن العمل، ولن يُنشأ لك أي حساب.
decline = رفض الدعوة
decline-back = العودة إلى إنشاء الحساب
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

# The account
your-account = حسابك
member-since = تاريخ الانضمام
this-session = هذه الجلسة
device = الجهاز
signed-in-at = وقت تسجيل الدخول
session-ends = تنتهي في موعد أقصاه

# Invitations
invitations = الدعوات
invite-someone = دعوة شخص
invite-text = تصل إلى الشخص رسالة فيها رابط لإنشاء حساب في { $product }.
invite-account-exists = لدى هذا الشخص حساب بالفعل
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
revoke-text = ستتوقف الروابط المُرسلة إلى { $address } عن العمل. يمكنك دعوة الشخص نفسه مرة أخرى لاحقًا.
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
