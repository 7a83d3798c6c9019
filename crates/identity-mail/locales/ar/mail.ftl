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

greeting = مرحبًا { $name }،
greeting-unnamed = مرحبًا،
fallback-link = إذا لم يعمل الزر، فانسخ هذا الرابط إلى متصفحك:
never-ask = لا نطلب كلمة مرورك أبدًا عبر البريد الإلكتروني أو الهاتف.
help = هل تحتاج إلى مساعدة؟ راسلنا على { $support }.
footer = أرسل { $product } هذه الرسالة إلى { $address }.

invitation-subject = دعوة من { $inviter } إلى { $company }
invitation-preheader = أنشئ حسابك قبل { $until }. لن يستغرق الأمر سوى دقيقة.
invitation-body = وصلتك دعوة من { $inviter } في { $company } إلى { $product }. أنشئ حسابك لاختيار كلمة مرور والبدء.
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
