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

greeting = مرحبًا { $name }،
greeting-unnamed = مرحبًا،
log-in-button = تسجيل الدخول
forgot-password-link = نسيت كلمة المرور
not-me-link = لم أكن أنا
fallback-link = إذا لم يعمل الزر، فانسخ هذا الرابط إلى متصفحك:
never-ask = لن يطلب منك أحد من { $product } كلمة مرورك أبدًا، لا عبر البريد الإلكتروني ولا عبر الهاتف.
help = هل تحتاج إلى مساعدة؟ راسلنا على { $support }.
footer = أرسل { $product } هذه الرسالة إلى { $address }.

invitation-subject = دعوة من { $inviter } إلى { $company }
invitation-preheader = أنشئ حسابك قبل { $until }. لن يستغرق الأمر سوى دقيقة.
invitation-body = وصلتك دعوة من { $inviter } للانضمام إلى { $company } على { $product }. أنشئ حسابك لاختيار كلمة مرور والبدء.
invitation-note = رسالة من { $inviter }:
invitation-button = إنشاء الحساب
invitation-until = الدعوة مفتوحة حتى { $until }. يعمل الرابط مرة واحدة.
invitation-unexpected-heading = لم تكن تتوقع هذه الرسالة؟
invitation-unexpected = لا تفعل شيئًا، فلن يُنشأ أي حساب من دونك. إذا كنت لا تعرف { $inviter } ({ $address })، فأخبرنا على { $support }.

renewal-subject = طلب دعوة جديدة من { $address }
renewal-preheader = الدعوة السابقة إلى { $company } لم تعد صالحة.
renewal-body = فُتحت دعوة إلى { $company } لم تعد صالحة، ويطلب منك صاحب العنوان { $address } دعوة جديدة.
renewal-button = عرض الدعوات
renewal-unexpected-heading = لا تعرف صاحب هذا العنوان؟
renewal-unexpected = لا تفعل شيئًا، فلن يدخل أحد من دون دعوة جديدة منك.

activation-subject = تفعيل تسجيلك في { $product }
activation-preheader = بقيت خطوة واحدة. إذا لم تكن أنت من سجّل، فلا تفعل شيئًا.
activation-body = سجّل شخص ما، ربما أنت، في { $product } بعنوان البريد الإلكتروني هذا. إذا كنت أنت من سجّل، ففعّل تسجيلك لاختيار كلمة مرور والبدء.
activation-button = تفعيل التسجيل
activation-until = الرابط صالح حتى { $until }، ويعمل مرة واحدة.
activation-code = اكتب هذا الرمز في الصفحة التي سجّلت فيها:
activation-code-instead = أو اكتب هذا الرمز في الصفحة التي سجّلت فيها:
activation-code-until = الرمز صالح حتى { $until }. إذا وصلتك عدة رسائل، فالمعتمد هو الرمز الوارد في أحدثها.
activation-unexpected-heading = لم تسجّل لدينا؟
activation-unexpected = تجاهل هذه الرسالة، فلن يُنشأ أي حساب من دونك، وينتهي هذا التسجيل من تلقاء نفسه.

already-registered-subject = لديك حساب بالفعل في { $product }
already-registered-preheader = سجّل الدخول، أو اختر كلمة مرور جديدة إذا كنت لا تتذكر كلمة مرورك.
already-registered-body = سجّل شخص ما، ربما أنت، في { $product } بعنوان البريد الإلكتروني هذا. لديك حساب بهذا العنوان بالفعل، فيكفيك تسجيل الدخول.
already-registered-unexpected-heading = لم تكن أنت؟
already-registered-unexpected = لا يلزمك فعل شيء: لم يدخل أحد إلى حسابك، ولم يتغيّر فيه شيء.

waits-subject = طلب تسجيل من { $name } في انتظار الموافقة
waits-preheader = طلب تسجيل لشركة { $company } في انتظار الموافقة.
waits-body = وصل طلب تسجيل في { $product } من { $name } ({ $address }) لفتح شركة { $company }، وهو في انتظار الموافقة.
waits-button = عرض طلبات التسجيل
waits-unexpected-heading = لا تعرف صاحب هذا الطلب؟
waits-unexpected = لا تفعل شيئًا، فلن يدخل أحد من دون موافقة.

approved-subject = قُبل تسجيلك: يمكنك تسجيل الدخول إلى { $product }
approved-preheader = تمت الموافقة على تسجيلك.
approved-body = تمت الموافقة على تسجيلك في { $product }. سجّل الدخول بعنوان بريدك الإلكتروني وكلمة المرور التي اخترتها عند التسجيل.
approved-unexpected-heading = لم تسجّل لدينا؟
approved-unexpected = قد يكون بإمكان شخص آخر قراءة بريدك. أخبرنا على { $support }.

rejected-subject = لم تتم الموافقة على تسجيلك في { $product }
rejected-preheader = ما يمكنك فعله إذا كنت ترى أن في ذلك خطأ.
rejected-body = لم تتم الموافقة على تسجيلك في { $product }، ولذلك لم يُنشأ أي حساب.
rejected-mistake = إذا كنت ترى أن في ذلك خطأ، فأخبرنا على { $support }.
rejected-unexpected-heading = لم تسجّل لدينا؟
rejected-unexpected = لا يلزمك فعل شيء: لا يوجد حساب بعنوان بريدك الإلكتروني.

reset-subject = إعادة تعيين كلمة مرورك
reset-preheader = اختر كلمة مرور جديدة قبل { $until }.
reset-body = طلب شخص ما، ربما أنت، كلمة مرور جديدة لحسابك في { $product }.
reset-body-administrator = بدأ أحد المديرين، بعد أن طُلب منه ذلك، إعادة تعيين كلمة مرور حسابك في { $product }.
reset-unchanged = تبقى كلمة مرورك كما هي إلى أن تعيّن كلمة مرور جديدة.
reset-ended = لم تعد كلمة مرورك السابقة صالحة. اختر كلمة مرور جديدة لتسجيل الدخول.
reset-button = إعادة تعيين كلمة المرور
reset-until = الرابط صالح حتى { $until }، ويعمل مرة واحدة.
reset-unexpected-heading = لم تطلب ذلك؟
reset-unexpected = أخبرنا عبر الرابط أدناه، فيتوقف رابط إعادة التعيين عن العمل، ويُبلَّغ المديرون.

reset-reported-subject = حسابك في أمان: اختر كلمة مرور جديدة
reset-reported-preheader = أبلغتنا «لم أكن أنا». اختر كلمة مرور جديدة قبل { $until }.
reset-reported-body = أبلغتنا أن شخصًا آخر ربما استخدم حسابك في { $product }. ولمنعه من الدخول أوقفنا كلمة المرور وأنهينا جميع الجلسات.
reset-reported-unexpected-heading = لم تبلغنا بذلك؟
reset-reported-unexpected = ربما يقرأ شخص آخر بريدك. أخبرنا عبر الرابط أدناه، فيتوقف رابط إعادة التعيين عن العمل، ويُبلَّغ المديرون.

reset-undone-subject = تم التراجع عن تغيير العنوان: اختر كلمة مرور جديدة
reset-undone-preheader = عنوان حسابك هو هذا العنوان. اختر كلمة مرور جديدة قبل { $until }.
reset-undone-body = تراجعت عن تغيير عنوان البريد الإلكتروني لحسابك في { $product }، وعنوان الحساب الآن هو هذا العنوان. ولمنع من طلب التغيير من الدخول أوقفنا كلمة المرور وأنهينا جميع الجلسات.
reset-undone-unexpected-heading = لم تتراجع أنت عن التغيير؟
reset-undone-unexpected = ربما يقرأ شخص آخر بريدك. أخبرنا عبر الرابط أدناه، فيتوقف رابط إعادة التعيين عن العمل، ويُبلَّغ المديرون.

temporary-subject = عُيّنت لك كلمة مرور مؤقتة
temporary-preheader = لا تُرسل كلمة المرور في أي رسالة: سيبلغك بها أحد المديرين بطريقة أخرى.
temporary-body = عيّن أحد المديرين كلمة مرور مؤقتة لحسابك في { $product }، وسيبلغك بها بطريقة أخرى، فهي لا تُرسل في أي رسالة.
temporary-once = تصلح لتسجيل الدخول مرة واحدة، تختار بعدها كلمة مرورك بنفسك. ولم تعد كلمة مرورك السابقة صالحة.
temporary-unexpected-heading = لم تطلب ذلك؟
temporary-unexpected = أخبرنا عبر الرابط أدناه، فتتوقف كلمة المرور المؤقتة عن العمل فورًا، وتنتهي جميع الجلسات، ويُبلَّغ المديرون، ويصلك رابط لتعيين كلمة مرور جديدة عبر البريد الإلكتروني.

required-subject = يُرجى اختيار كلمة مرور جديدة
required-preheader = سيُطلب منك ذلك عند تسجيل الدخول التالي إلى { $product }.
required-body = يطلب منك أحد المديرين اختيار كلمة مرور جديدة لحسابك في { $product }.
required-next = سيُطلب منك ذلك قبل أن تتمكن من المتابعة، وعند تسجيل الدخول التالي على أبعد تقدير. إذا كنت لا تتذكر كلمة مرورك الحالية، فاتبع الرابط «نسيت كلمة المرور» أدناه.
required-unexpected-heading = هل تشك في هذه الرسالة؟
required-unexpected = لا تستخدم روابطها، بل افتح { $product } كما تفعل عادةً وسجّل الدخول هناك.

breached-subject = كلمة مرورك معروفة من تسريب بيانات
breached-preheader = قد يجربها آخرون. اختر كلمة مرور جديدة في { $product }.
breached-body = كلمة مرور حسابك في { $product } معروفة من تسريب بيانات، وقد يجربها آخرون. لاحظنا ذلك عند تسجيل دخول بكلمة المرور هذه.
breached-next = إذا كنت أنت من سجّل الدخول، فاختر كلمة مرور جديدة في الصفحة التي ظهرت لك. وإذا لم تعد ترى تلك الصفحة، فسجّل الدخول مرة أخرى.
breached-unexpected-heading = لم تسجّل الدخول؟
breached-unexpected = إذن يعرف شخص آخر كلمة مرورك. اتبع الرابط «نسيت كلمة المرور» أدناه واختر كلمة مرور جديدة فورًا، فتنتهي جميع الجلسات.

changed-subject = تم تغيير كلمة مرورك
changed-preheader = حدث ذلك في { $when }. إذا لم تكن أنت من غيّرها، فأخبرنا فورًا.
changed-body = تم تغيير كلمة مرور حسابك في { $product } في { $when }.
changed-body-link = تم تغيير كلمة مرور حسابك في { $product } في { $when } عبر رابط أرسلناه إلى هذا العنوان.
changed-done = أُنهيت جميع الجلسات الأخرى. إذا كنت أنت من غيّرها، فلا يلزمك فعل شيء آخر.
changed-done-link = أُنهيت جميع الجلسات. إذا كنت أنت من غيّرها، فسجّل الدخول بكلمة المرور الجديدة.
changed-unexpected-heading = لم تكن أنت؟
changed-unexpected = أخبرنا فورًا عبر الرابط أدناه، فتتوقف كلمة المرور الجديدة عن العمل، وتنتهي جميع الجلسات، ويُبلَّغ المديرون، ويصلك رابط لتعيين كلمة مرور جديدة عبر البريد الإلكتروني.

reported-subject = يُرجى التحقق من حساب { $name }
reported-preheader = «لم أكن أنا»: ربما استخدم شخص آخر الحساب.
reported-body = ورد بلاغ من { $name } ({ $address }) بأن تسجيل دخول إلى الحساب في { $product }، أو كلمة مرور جديدة، أو إجابات جديدة لأسئلة الأمان، لم يصدر عن صاحب الحساب.
reported-done = لم تعد كلمة المرور صالحة، وأُنهيت جميع الجلسات، وتوقفت الروابط السابقة لتعيين كلمة مرور جديدة. ويُرسل رابط جديد إلى { $address } ما لم يكن الحساب معطّلًا.
reported-button = التحقق من الحساب
reported-unexpected-heading = ما الذي يلزم فعله
reported-unexpected = راجع ما تغيّر في الحساب، واسأل { $name } عن ذلك شخصيًا أو عبر الهاتف. لا تسأل عبر البريد الإلكتروني، فربما يقرأ شخص آخر صندوق البريد.

reported-link-subject = بلاغ من { $name }: رابط كلمة مرور لم يُطلب
reported-link-preheader = «لم أكن أنا»: بلاغ عن رسالة فيها رابط لتعيين كلمة مرور جديدة.
reported-link-body = وصلت إلى { $name } ({ $address }) رسالة فيها رابط لتعيين كلمة مرور جديدة للحساب في { $product }، وورد بلاغ بأن صاحب الحساب لم يطلب ذلك.
reported-link-done = لم تعد روابط تعيين كلمة مرور جديدة صالحة. ولم يتغيّر شيء آخر، فكلمة المرور والجلسات باقية كما هي.
reported-link-unexpected-heading = ما الذي يلزم فعله
reported-link-unexpected = تحقق من أن الحساب لم يتغيّر فيه شيء لا يعرفه { $name }. اسأل شخصيًا أو عبر الهاتف، لا عبر البريد الإلكتروني، فربما يقرأ شخص آخر صندوق البريد.

email-undone-subject = تم التراجع عن تغيير عنوان البريد الإلكتروني: { $name }
email-undone-preheader = ربما استخدم شخص آخر الحساب.
email-undone-body = تغيّر عنوان البريد الإلكتروني لحساب { $name } في { $product } إلى { $undone }، أو كان على وشك أن يتغيّر. وتم التراجع عن ذلك من العنوان السابق لأن التغيير لم يصدر عن صاحب الحساب.
email-undone-done = عنوان الحساب هو { $address }. لم تعد كلمة المرور صالحة، وأُنهيت جميع الجلسات، ويُرسل إلى { $address } رابط لتعيين كلمة مرور جديدة.
email-undone-unexpected-heading = ما الذي يلزم فعله
email-undone-unexpected = كان شخص آخر يعرف كلمة المرور. راجع ما تغيّر غير ذلك في الحساب، واسأل { $name } عن ذلك شخصيًا أو عبر الهاتف.

list-separator = { "، " }
access-offered-subject = صلاحيات جديدة لك في { $company } من { $inviter }
access-offered-preheader = سجّل الدخول واقبل الدعوة قبل { $until }. يبقى حسابك كما هو إلى ذلك الحين.
access-offered-body = يمنحك { $inviter } صلاحيات إضافية في { $company } بحسابك الحالي في { $product }. سجّل الدخول بعنوان البريد الإلكتروني هذا واقبلها، أو ارفضها.
access-offered-what = ستحصل على: { $offered }.
access-offered-button = عرض الدعوة
access-offered-unexpected-heading = لم تكن تتوقع هذه الرسالة؟
access-offered-unexpected = لا تفعل شيئًا، فلن يتغيّر شيء في حسابك من دونك. إذا كنت لا تعرف { $inviter } ({ $address })، فأخبرنا على { $support }.

access-granted-subject = تغيّرت صلاحياتك في { $product }
access-granted-preheader = تم قبول دعوة بحسابك في { $when }.
access-granted-body = تم قبول دعوة من { $inviter } بحسابك في { $product } في { $when }.
access-granted-what = حصلت على: { $granted }.
access-granted-unexpected-heading = لم تكن أنت؟
access-granted-unexpected = قد يكون شخص آخر قد سجّل الدخول إلى حسابك. غيّر كلمة مرورك فورًا، فتنتهي جميع الجلسات الأخرى، وأخبرنا على { $support }.
confirm-email-subject = تأكيد عنوان بريدك الإلكتروني الجديد
confirm-email-preheader = بنقرة واحدة، قبل { $until }.
confirm-email-body = تريد استخدام عنوان البريد الإلكتروني هذا لحسابك في { $product }. يُرجى تأكيد أنه لك.
confirm-email-unchanged = حتى ذلك الحين يبقى كل شيء كما هو.
confirm-email-button = تأكيد العنوان
confirm-email-until = الرابط صالح حتى { $until }، ويعمل مرة واحدة.
confirm-email-unexpected-heading = ليس لديك حساب هناك؟
confirm-email-unexpected = تجاهل هذه الرسالة: لا يحدث شيء بعنوانك دون تأكيد منك.

email-announced-subject = طُلب تغيير عنوان بريدك الإلكتروني
email-announced-preheader = طلب ذلك شخص يعرف كلمة مرورك. إذا لم تكن أنت، فتراجع عن التغيير.
email-announced-body = طلب شخص سجّل الدخول إلى حسابك في { $product } ويعرف كلمة مرورك تغيير عنوان بريده الإلكتروني إلى { $address }.
email-announced-next = يتغيّر العنوان فور تأكيد العنوان الجديد. إذا كنت أنت من طلب ذلك، فلا يلزمك فعل شيء هنا.
email-announced-unexpected-heading = لم تكن أنت؟
email-announced-unexpected = تراجع عن ذلك فورًا عبر الرابط أدناه، فيحتفظ حسابك بهذا العنوان، وتتوقف كلمة المرور عن العمل، وتنتهي جميع الجلسات، ويُبلَّغ المديرون، ويصلك رابط لتعيين كلمة مرور جديدة عبر البريد الإلكتروني.

email-changed-subject = تم تغيير عنوان بريدك الإلكتروني
email-changed-preheader = أصبح { $address } من الآن. إذا لم تكن أنت، فتصرّف فورًا.
email-changed-body = أصبح عنوان البريد الإلكتروني لحسابك في { $product } من الآن { $address }.
email-changed-done = سجّل الدخول بهذا العنوان من الآن. وقد أُنهيت جميع الجلسات عدا الجلسة التي طُلب منها التغيير.
email-changed-unexpected-heading = لم تكن أنت؟
email-changed-unexpected = تراجع عن ذلك فورًا عبر الرابط أدناه، فيعود لحسابك هذا العنوان، وتتوقف كلمة المرور عن العمل، وتنتهي جميع الجلسات، ويُبلَّغ المديرون، ويصلك رابط لتعيين كلمة مرور جديدة عبر البريد الإلكتروني.
email-changed-unexpected-new = راسل { $support }.

undo-email-link = التراجع عن التغيير
undo-email-until = يمكن التراجع عن التغيير حتى { $until }.
signed-in-subject = تسجيل دخول جديد إلى { $product }
signed-in-preheader = كان ذلك في { $when }. إن لم تكن أنت، فأخبرنا فورًا.
signed-in-body = سُجّل الدخول إلى حسابك في { $product } بكلمة مرورك من متصفح لم يكن معروفًا من قبل، والأرجح أنك أنت من فعل ذلك.
signed-in-details = الوقت: { $when }. الجهاز: { $device }. الشبكة: { $network }.
signed-in-fine = إن كنت أنت، فلا يلزمك فعل شيء. ويمكنك إيقاف هذه الرسائل من إعداداتك.
signed-in-device = { $browser } على { $system }
signed-in-unknown = غير معروف
signed-in-button = مراجعة حسابك
signed-in-unexpected-heading = لم تكن أنت؟
signed-in-unexpected = أخبرنا فورًا بالرابط أدناه. عندئذ تتوقف كلمة مرورك عن العمل، وتنتهي جميع الجلسات، ويُبلَّغ المسؤولون، ويصلك بالبريد رابط لتعيين كلمة مرور جديدة.

accepted-subject = قُبلت دعوتك: { $name }
accepted-preheader = أصبح هناك حساب جديد لشركة { $company }.
accepted-body = قُبلت دعوتك إلى { $company }، وأصبح لدى { $name } ({ $address }) حساب في { $product }. ويمكنك إيقاف هذه الرسائل من إعداداتك.
accepted-button = عرض الحساب
accepted-unexpected-heading = لا تعرف صاحب هذا الحساب؟
accepted-unexpected = افتح الحساب وعطّله، فتنتهي جلساته فورًا.

questions-set-subject = تم تعيين أسئلة الأمان لحسابك
questions-set-preheader = حدث ذلك في { $when }. إذا لم تكن أنت، فأخبرنا فورًا.
questions-set-body = تم تعيين إجابات أسئلة الأمان لحسابك في { $product } في { $when }. إذا كنت أنت من عيّنها، فلا يلزمك فعل شيء آخر.
questions-set-unexpected-heading = لم تكن أنت؟
questions-set-unexpected = أخبرنا فورًا بالرابط أدناه. عندئذ تُحذف هذه الإجابات، وتتوقف كلمة مرورك عن العمل، وتنتهي جميع الجلسات، ويُبلَّغ المسؤولون، ويصلك بالبريد رابط لتعيين كلمة مرور جديدة.

questions-changed-subject = تم تغيير أسئلة الأمان لحسابك
questions-changed-preheader = حدث ذلك في { $when }. إذا لم تكن أنت، فأخبرنا فورًا.
questions-changed-body = تم تغيير إجابات أسئلة الأمان لحسابك في { $product } في { $when }. ولم تعد الإجابات السابقة صالحة. إذا كنت أنت من غيّرها، فلا يلزمك فعل شيء آخر.
questions-changed-button = مراجعة حسابك
questions-changed-unexpected-heading = لم تكن أنت؟
questions-changed-unexpected = أخبرنا فورًا بالرابط أدناه. عندئذ تُحذف هذه الإجابات، وتتوقف كلمة مرورك عن العمل، وتنتهي جميع الجلسات، ويُبلَّغ المسؤولون، ويصلك بالبريد رابط لتعيين كلمة مرور جديدة.
deletion-subject = سيُمحى حسابك
deletion-preheader = في { $when }. وحتى ذلك الحين يمكنك الاحتفاظ به.
deletion-body = طُلب حذف حسابك في { $product }. وسيُمحى في { $when } مع كل ما نحتفظ به عنك، ولا يمكن استعادته بعد ذلك، ولن تصلك رسالة أخرى بشأنه.
deletion-undo = حتى ذلك الحين يمكنك التراجع: سجّل الدخول واختر الاحتفاظ بحسابك. وقد أُنهيت جميع الجلسات الأخرى.
deletion-unexpected-heading = لم تكن أنت؟
deletion-unexpected = هناك من يعرف كلمة مرورك. عيّن كلمة مرور جديدة عبر الرابط أدناه، ثم سجّل الدخول واحتفظ بحسابك. وإن تعذّر ذلك، فراسل { $support }.

deletion-undone-subject = حسابك باقٍ
deletion-undone-preheader = تم التراجع عن الحذف، ولا يلزمك فعل شيء.
deletion-undone-body = تم التراجع عن حذف حسابك في { $product }. ويبقى حسابك كما كان، ولا يلزمك فعل شيء آخر.
deletion-undone-unexpected-heading = لم تكن أنت؟
deletion-undone-unexpected = ربما سجّل شخص آخر الدخول إلى حسابك. عيّن كلمة مرور جديدة عبر الرابط أدناه، فتنتهي جميع الجلسات، وأخبرنا عبر { $support }.

deletion-undone-address-subject = حسابك باقٍ
deletion-undone-address-preheader = تم التراجع عن حذفه مع التراجع عن تغيير العنوان.
deletion-undone-address-body = طلب شخص ما حذف حسابك في { $product }. وقد تراجعت عن تغيير عنوان بريده الإلكتروني، فتم بذلك التراجع عن الحذف أيضًا، ولن يُمحى حسابك.
deletion-undone-address-next = لم تعد كلمة المرور صالحة. أرسلنا إليك رابطًا لتعيين كلمة مرور جديدة. وإذا لم يعد الرابط يعمل، فاطلب رابطًا آخر أدناه.
deletion-undone-address-unexpected-heading = لم تتراجع أنت عن التغيير؟
deletion-undone-address-unexpected = ربما يقرأ شخص آخر بريدك. أخبرنا على { $support }.
