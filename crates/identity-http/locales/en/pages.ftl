# Times and counts
moment = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }, { $time } { $zone }
days = { $number ->
    [one] 1 day
   *[other] { $number } days
}
attempts = { $number ->
    [0] none yet
    [one] 1 attempt
   *[other] { $number } attempts
}

# Around every page
skip = Skip to content
menu = Menu
terms = Terms
terms-version = Version { $version }, in force since
help = Help
optional = (optional)
none = None
cancel = Cancel
go-to-start = Go to the start
error-prefix = Error:
problem-heading = There is a problem
ask-support = Need help? Write to { $support }.

# Words
email = E-mail
password = Password
first-name = First name
last-name = Last name
company = Company
company-name = Company name
language = Language
language-en = English
language-ar = العربية
roles = Roles
subscriptions = Subscriptions
person = Person
state = State
mail = Mail
invited = Invited
inviter = Invited by
expires = Open until
first-opened = First opened
not-yet = Not yet

# Signing in and out
log-in = Log In
log-out = Log out
login-heading = Log in to { $product }
login-refused = The e-mail address or the password is not right. Check both and try again.
login-awaits-approval = Your registration is waiting for approval. We will send you an e-mail as soon as you can log in.
login-help = Nobody but you can see your password. If you cannot get in, write to { $support }.
password-missing = Enter your password
remember = Stay signed in
remember-hint = On this device only.
log-out-heading = Log out
log-out-text = You will need your password to get in again.

# Registering
register = Register
register-title = Register
register-heading = Register your account
set-up-heading = Register the first administrator
set-up-text = Nobody runs this { $product } yet. Whoever registers here will: they can invite everybody else.
invited-by = { $inviter } invites you to { $company }.
open-until = The invitation is open until
email-fixed = The invitation is for this address. It cannot be changed here.
company-name-hint = The first company. You can rename it later.
password-confirmation = Confirm password
password-show = Show password
password-shown = Your password is visible
password-hidden = Your password is hidden
read-terms = Read the terms
accept-terms = I accept the terms and conditions
decline-link = I do not want this invitation
email-form = Enter an e-mail address in the form name@example.org
first-name-missing = Enter your first name
last-name-missing = Enter your last name
first-name-form = Write the first name on one line, without links, and with at most 100 characters
last-name-form = Write the last name on one line, without links, and with at most 100 characters
company-form = Enter the company's name on one line, with at most 200 characters
password-confirmation-form = Type the same password in both fields
accept-terms-form = Accept the terms to register

# Rules for passwords
rules-heading = Your password needs
rules-done = All rules are met
rules-left-one = { "{n}" } rule to go
rules-left-two = { "{n}" } rules to go
rules-left-few = { "{n}" } rules to go
rules-left-many = { "{n}" } rules to go
rules-left-other = { "{n}" } rules to go
rule-met = met
rule-unmet = not met yet
rule-confirmation = The same in both fields
rule-min_length = { $number ->
    [one] At least 1 character
   *[other] At least { $number } characters
}
rule-max_length = At most { $number } bytes
rule-uppercase = An uppercase letter
rule-lowercase = A lowercase letter
rule-digit = A digit
rule-special = A special character, such as ! or a space
rule-not_personal = No part of your name, e-mail address or company
rule-not_common = Not a common word or password
rule-not_common-inside = Hard to guess even if a common word in it is left out
rule-not_reused = None of your last { $number } passwords
rule-strength = Hard to guess
rule-not_breached = Not known from a leak
wrong-several = The password does not meet { $number } of the rules listed below.
wrong-min_length = The password is too short.
wrong-max_length = The password is too long.
wrong-uppercase = Add an uppercase letter.
wrong-lowercase = Add a lowercase letter.
wrong-digit = Add a digit.
wrong-special = Add a special character.
wrong-not_personal = Leave out your name, e-mail address and company.
wrong-not_common = This is a common word or password: choose another.
wrong-not_reused = You used this password before: choose another.
wrong-strength = This is too easy to guess: add a word or two.
wrong-not_breached = This password is known from a leak: choose another.
strength = Strength
strength-0 = Very weak
strength-1 = Weak
strength-2 = Fair
strength-3 = Strong
strength-4 = Very strong
advice-add_words = Add another word or two. Uncommon words are better.
advice-use_words = Use a few words that do not belong together.
advice-capitals_help_little = A capital letter at the start helps little.
advice-all_capitals_help_little = All capitals are almost as easy to guess as none.
advice-reversed_helps_little = Reversed words are easy to guess.
advice-substitutions_help_little = Replacing letters, such as a with @, helps little.
advice-avoid_key_rows = Avoid rows of keys.
advice-avoid_repeats = Avoid repeated words and characters.
advice-avoid_sequences = Avoid sequences such as abc or 6543.
advice-avoid_dates = Avoid dates and years.
advice-avoid_common = Avoid common passwords and names.
broken-min_length = The password is too short.
broken-max_length = Use at most { $number } bytes.
broken-uppercase = Add an uppercase letter.
broken-lowercase = Add a lowercase letter.
broken-digit = Add a digit.
broken-special = Add a special character.
broken-not_personal = Leave out the name, the e-mail address and the company.
broken-not_common = This is a common word or password: choose another.
broken-not_reused = This password was used before: choose another.
broken-strength = This is too easy to guess: add a word or two.
broken-not_breached = This password is known from a leak: choose another.

# What became of it
address-undo = Until { $until }, this address can be given back to the account that had it before.
address-undo-yours = Is that account yours, and you did not change its address? Then do not register here. Open the mail about the change and choose “Undo the change”.
registered-heading = Your account is ready
registered-text = Log in with your e-mail address and the password you have just chosen.
dead-link-heading = This link does not work any more
dead-link-text = It was used already, has expired, or was replaced by a newer one. If you have registered, log in with your e-mail address and password.
invited-by-before = { $inviter } invited you to { $company }. You can also ask them for help.
dead-link-ask = You have not registered yet? Ask for a new invitation.
ask-for-invitation = Ask for a new invitation
dead-link-log-in = Already registered? Log in
link-for-another-heading = You are logged in to another account
link-for-address = This link is for { $address }. You are logged in as { $other }. Log out to continue with { $address }.
link-for-another = This link is for another account. You are logged in as { $other }. Log out to continue.
form-for-address = This page is for { $address }. You are logged in as { $other }, and will be logged out when you finish here.
form-for-another = This page is for a new account. You are logged in as { $other }, and will be logged out when you finish here.
log-out-and-continue = Log out and continue
log-out-and-log-in = Log in to another account
logged-in-as = You are logged in as { $address }.
stay-logged-in = Stay logged in
no-cookie-heading = Open the link in your mail again
no-cookie-text = This browser has not kept the link, or kept it for more than half an hour. Open the link in the mail again, in this browser, and allow cookies for this page.
account-exists-heading = You have an account already
account-exists-text = There is an account with this e-mail address. Log in with it.
ask-decline-heading = Decline the invitation?
ask-decline-text = The link will stop working. Nobody will make an account for you.
decline = Decline
decline-back = Back to the invitation
declined-heading = You declined
declined-text = The link does not work any more. You can close this page.
renewal-asked-heading = We have passed it on
renewal-asked-text = If the link belonged to an invitation, whoever sent it is asked for a new one. Look into your mail later.

# What went wrong
not-found-heading = There is nothing here
not-found-text = The address may be mistyped, or the page may have moved.
forbidden-heading = You cannot do this
forbidden-text = Your account does not have the right to do this.
forged-heading = Please try that again
forged-text = The page was open for too long, or this browser does not keep cookies for { $product }. Go back, load the page again, and allow cookies.
stale-heading = Please send that again
stale-text = You have logged in or out in another tab since this page was opened. Nothing has been done yet.
other-site-heading = This came from another site
other-site-text = Nothing was done. Open the page here and try again.
conflict-heading = This has changed in the meantime
conflict-text = Somebody else was faster. Look again and decide anew.
busy-heading = Too much is going on right now
busy-text = Nothing was changed. Please try again in a few seconds.
bad-request-heading = That did not arrive as it should
bad-request-text = Go back, load the page again, and try once more.
too-large-heading = That was too much
too-large-text = What was sent is larger than this page takes.
unavailable-heading = Sorry, please try again later
unavailable-text = Something on our side does not work right now. Please try again in a little while.
administrators-only = Only administrators can open this page.
operators-only = Only operators can open this page.

# The account
your-account = Your account
member-since = Member since
signed-in-at = Signed in

# Invitations
invitations = Invitations
invite-someone = Invite someone
invite-text = They get a mail with a link to register with { $product }. Who has an account already logs in and accepts.
invite-own-address = This is your own address: invite somebody else
invite-account-disabled = This person's account is disabled. Enable the account instead.
invite-company-not-trusted = Your company is new. Leave the note out.
invite-few = { $number ->
    [one] Your company is new. Until the operator trusts it, you can send { $number } invitation a day, without a note.
   *[other] Your company is new. Until the operator trusts it, you can send { $number } invitations a day, without a note.
}
trust-company = New company
trust-company-text = This person opened the company by signing up. Its administrators can invite only a few people a day, and without a note, until you trust the company.
trust-company-button = Trust this company
invite-conflict = Somebody else has just invited this address: look at the list
roles-hint = What the person may do. You see the roles that you may grant.
role-operator = Operator
role-operator-description = Runs this installation: may do everything, in every company
role-company_administrator = Company administrator
role-company_administrator-description = Invites and administers the people of one company
subscriptions-hint = What the person may use.
expires-in = Open for
note = Personal note
note-hint = Goes into the mail as you write it. At most 1000 characters.
note-form = Write at most 1000 characters
choose-from-list = Choose from the list
field-form = Check what you entered here
send-invitation = Send invitation
search = Search
search-address = E-mail starts with
filter-by-state = Filter by state
state-all = All
state-pending = Pending
state-accepted = Accepted
state-declined = Declined
state-expired = Expired
state-revoked = Revoked
state-superseded = Superseded
state-queued = Queued
state-leased = Being sent
state-sent = Sent
state-failed = Failed
state-dropped = Not needed
nobody-invited-heading = Nobody is invited yet
nobody-invited-text = Invite the first person: they get a mail with a link to register.
nothing-found-heading = Nothing found
nothing-found-text = No invitation fits. Try another state, or fewer letters.
pages = Pages
first-page = First page
next-page = Next page
actions = What you can do
resend = Send again
resend-hint = A new mail with a new link. Links sent before stop working, and the time starts anew.
expires-utc = Open until (UTC)
change-expiry = Change
expiry-form = Choose a time in the future, at most 30 days from now
revoke = Revoke invitation…
revoke-heading = Revoke this invitation?
revoke-text = The links sent to { $name } will stop working. You can invite the same person again later.
revoke-confirm = Revoke invitation
attempts-label = Attempts
settled = Settled
last-error = Last error

# The development mailbox
mailbox = Mailbox
mailbox-text = For development: mail goes here instead of to people.
mailbox-empty-heading = No mail yet
mailbox-empty-text = Invite somebody, and their mail appears here.
mail-to = To
mail-as-text = The plain-text part

# Around signing in
throttled-heading = Too many attempts
throttled-text = Nothing was changed.
wait-seconds = { $number ->
    [one] Try again in a second.
   *[other] Try again in { $number } seconds.
}
wait-minutes = { $number ->
    [one] Try again in a minute.
   *[other] Try again in { $number } minutes.
}
wait-hours = { $number ->
    [one] Try again in an hour.
   *[other] Try again in { $number } hours.
}
try-again = Try again
try-again-in = Try again in { "{n}" } s
typed-is-kept = What you typed is kept: you need not type it again.
typed-is-kept-but-secrets = What you typed is kept. For your safety this leaves out passwords, codes and answers: you are asked for them once more.
forgot-password = Forgot password?
no-account = Don't have an account? Sign up
have-account = Already have an account? Log in
back-to-login = Back to the login

# Signing up
sign-up = Sign up
sign-up-heading = Sign up for { $product }
sign-up-company-hint = A new company is opened, and you administer it. To join a company that is here already, ask its administrator for an invitation.
sign-up-email-hint = We send a mail there, to make sure that it reaches you.
country = Country or region
choose-country = Choose from the list
country-form = Choose your country or region
email-domain = Use your company address: addresses of this domain cannot sign up here
email-disposable = Use an address that stays yours: this one is from a service for disposable mail
send-registration-email = Send Registration Email
registration-closed-heading = You need an invitation
registration-closed-text = Nobody can sign up here by themselves. Ask an administrator of your company for an invitation.
check-mail-heading = Check your mail
sign-up-sent-text = If { $address } can be registered, a mail is on its way there.
sign-up-sent-both = Press "Activate Registration" in it, or type the code here.
sign-up-sent-link = Press "Activate Registration" in it to go on.
sign-up-sent-code = Type the code from it here.
code = Code
code-hint = 8 digits. Only the code of the newest mail works.
code-missing = Type the code of the newest mail
code-wrong = This code does not work. Look for the newest mail, or have it sent again.
confirm-code = Continue
mail-not-there = Nothing there after a few minutes? Look into the spam folder, and check the address.
send-again = Send again
send-again-in = Send again in { "{n}" } s
change-address = Use another address
set-password = Set Password
activate-text = Your address is confirmed. Choose a password to finish.
activate-name = Name
activate-change = Change these details
activate-approval = An administrator then lets you in.
activate-email-fixed = The mail went to this address. It cannot be changed here.
sign-up-again = Sign up again
dead-activation-heading = This link does not work any more
dead-activation-text = It may have expired or been used. If you have not set a password yet, sign up again: it takes a minute.
awaiting-approval-heading = Almost there
awaiting-approval-text = An administrator now looks at your registration. You get a mail as soon as you are let in, and can then log in with your password.

# Recovery
forgot-heading = Forgot your password?
forgot-text = Enter the address of your account. We send a link to it with which you choose a new password.
send-email = Send Email
forgot-sent-text = If { $address } belongs to an account, a mail is on its way there. Press "Reset Password" in it.
reset-password = Reset Password
reset-text = Afterwards you are signed out everywhere, and log in with the new password.
new-password = New Password
new-password-confirmation = Confirm New Password
reset-done-heading = Your new password is set
reset-done-text = You are signed out everywhere. Log in with the new password.
ask-for-new-link = Ask for a new link
dead-reset-heading = This link does not work any more
dead-reset-text = It may have expired, been used, or been ended by a change of your account. Ask for a new one: it takes a minute.
report = This wasn't me
report-reset-heading = You did not ask for a new password?
report-reset-text = Then say so here. The links that were mailed stop working, and administrators are told. Your password stays as it is.
report-change-heading = You did not change your password?
report-change-text = Then say so here. The password stops working at once, every session ends, administrators are told, and you get a link to choose a new one.
reported-reset-heading = Thank you: the links are dead
reported-reset-text = Administrators are told. Your password stays as it is. If you think that somebody can read your mail, tell your administrator.
reported-change-heading = Thank you: your account is closed to whoever it was
reported-change-text = The password lets nobody in any more, and every session has ended. A link to choose a new password is on its way to you.
dead-report-heading = This link does not work any more
dead-report-text = It may have been used or have expired. If you are not sure of your password, choose a new one.

# Changing the password
change-password = Change password
current-password = Current password
current-password-wrong = This is not your current password
change-required-heading = Choose a new password
change-required-text = You go on as soon as you have. Use the password that you have just logged in with as the current one.
save = Save
go-on = Go on
password-changed-heading = Your password is changed
password-changed-text = Every other session of yours has ended.

# Help
help-link = Help
help-heading = Help with getting in
help-password-heading = You have forgotten your password
help-password-text = Have a link sent to your address, and choose a new one.
help-mail-heading = No mail arrives
help-mail-text = Look into the spam folder. Check that it is the address of your account. Wait a few minutes before you ask again.
help-account-heading = You have no account yet
help-account-text = Ask an administrator of your company for an invitation.
help-still = Still no way in?
help-still-address = Check that you are using the right e-mail address.
help-still-typing = Show the password while you type it, and mind capital letters.
help-still-cache = Clear the cache and the cookies of the browser, then try again.
help-still-browser = Try another browser or device.
help-still-contact = Ask your company administrator, or write to us:
help-suspicious-heading = You got a mail that you did not ask for
help-suspicious-text = Press "This wasn't me" in it: the link dies, and the administrators of { $product } are told.
never-ask = Nobody from { $product } ever asks for your password by e-mail or phone.

# People
accounts = People
registrations = Registrations
state-active = Active
state-disabled = Disabled
no-accounts-heading = Nobody found
no-accounts-text = No account fits. Try other filters, or fewer letters.
must-change-password = Has to choose a new password
to-do = To do first
failed-logins = Failed logins in a row
locked-until = No login before
reset-somebody = Reset the password
reset-somebody-text = Only after you have made sure who is asking. How you did is recorded.
check-method = How did you make sure?
check-in_person = Face to face
check-video_call = On a video call
check-call_back = By calling back a known number
check-document = By a document
check-other = In another way
check-note = What speaks for it
check-note-hint = Such as who vouched for them. At most 200 characters.
check-note-form = Write what speaks for it, with at most 200 characters
reset-by-link = Mail a reset link
reset-by-password = Set a temporary password
temporary-heading = Tell this password to the person
temporary-text = In person or by phone, never by e-mail. It is shown this once, and good for one login: the person then chooses a new one.
temporary-until = It works until
reset-link-sent-heading = The mail is on its way
reset-link-sent-text = Older links have stopped working. The password stays as it is until a new one is chosen.
back-to-account = Back to the account
require-change = Require a new password
require-change-hint = At once, also in open sessions. The person is told by mail.
unlock = Let them try again
unlock-hint = Forgets the failed logins.
end-sessions = End all sessions…
end-sessions-hint = The person has to log in again on every device.
disable-account = Disable account…
disable-account-hint = The person can't log in while the account is disabled. You can enable it again.
enable-account = Enable account
own-account = This is your own account.
nobody-waits-heading = Nobody waits
nobody-waits-text = Who signs up and has to be let in appears here.
registered-at = Signed up
approve = Approve
reject = Reject…
decide-text = If you let them in, a new company is opened with them as its administrator. They are told by mail either way.

choose-nothing = Please choose
yes = Yes
answer-missing-field = { $field }: answer this
answer-unticked = { $field }: tick this box
answer-too-long = { $field }: use at most { $max } characters
answer-bad-characters = { $field }: use letters, digits and punctuation
answer-not-a-number = { $field }: use a whole number from { $min } to { $max }
answer-not-a-day = { $field }: choose a day, such as 2026-01-31
answer-not-a-choice = { $field }: choose one from the list
# After a login that leads on to another host
onward-heading = You are logged in
onward-text = You are being taken to { $place }. If nothing happens, go on yourself.
must-accept-terms = Has to accept the terms

# New terms
new-terms-heading = The terms have changed
new-terms-required = Read them and accept them to go on.
new-terms-later = Read them and accept them now, or later. From the first login after this time on you cannot go on without:
terms-later = Later
accept-new-terms-form = Accept the terms and conditions to go on
terms-replaced = Another version has just come into force: read it here, and accept it

# Publishing terms
terms-text = Everybody accepts the version in force when they register. A new one is asked for at the next login.
terms-publish-new = Publish a new version
terms-number = Version { $version }
terms-in-force = In force
terms-not-yet = Not in force yet
terms-replaced-by = Replaced by a newer one
terms-effective = In force from
terms-effective-utc = In force from (UTC)
terms-effective-hint = At once where nothing is said.
terms-at-once = At once
terms-due = Nobody goes on without it from
terms-languages = Languages
terms-grace = People may put it off for
grace-none = Not at all: at the next login
terms-new-text = A published version never changes, not even before it is in force. What you write here takes the place of the version in force.
terms-texts = The text
terms-texts-hint = In Markdown. Who reads a language that is left empty gets the text in English, or in the first language there is.
terms-preview = See what it looks like
terms-preview-heading = Publish this version?
terms-preview-text = It cannot be changed or taken back. Everybody with an account is asked to accept it at the next login.
terms-publish = Publish
terms-edit = Go on writing
terms-past = Choose a time that is not over, or leave it empty
terms-text-missing = Write the text in this language: { $language }
terms-text-placeholder = Replace the placeholder with your own terms in this language: { $language }
terms-text-form = Shorten the text in this language to at most 200,000 bytes: { $language }
terms-conflict = Somebody else has just published a version: look at it first

# An invitation for somebody who has an account
access-heading = You get more access
access-offered = With your account you get:
access-nothing = Nothing is added to your account by it. You can accept it all the same.
access-log-in = You have an account with { $address }. Log in with it to accept.
access-accept = Accept
access-accepted-heading = You have accepted
access-accepted-text = Your account at { $product } has what you were given. We have sent you a mail about it.
access-elsewhere-heading = This invitation does not fit your account
access-elsewhere-text = There is an account with this e-mail address that belongs to another company, and an account belongs to one company. Ask whoever invited you to invite another address of yours.
ask-decline-access-heading = Decline the invitation?
ask-decline-access-text = The link will stop working. Your account stays as it is.
account-security = Security
sign-in-heading = Signing in
change-email = Change e-mail address
email-waits = Waits to be confirmed:
email-waits-heading = A change waits to be confirmed
email-waits-text = Open the link in the mail that was sent to the new address:
email-waits-until = It can be confirmed until
email-cancel = Do not change it
email-now = Your address now:
new-email = New e-mail address
new-email-hint = A mail with a link goes there. The address changes as soon as you open the link and confirm.
email-same = This is your address already: enter another one
email-asked-heading = Look into your new mailbox
email-asked-text = If the address can be used, a mail with a link is on its way there. Until you confirm it, everything stays as it is. Your old address is told as well.
confirm-email = Confirm address
confirm-email-heading = Is this to be your address?
confirm-email-text = Your account gets the address { $address }. Other sessions end; sign in with this address from then on.
email-confirmed-heading = Your e-mail address is changed
email-confirmed-text = Sign in with the new address from now on. The old one is told, and can undo the change for some days.
undo-email = Undo the change
undo-email-heading = You did not change your address?
undo-email-text = Then undo it here. Your account has the address { $address } again, the password stops working at once, every session ends, administrators are told, and you get a link to choose a new password.
email-undone-heading = Thank you: your account is yours again
email-undone-text = It has its old address. The password lets nobody in any more, and every session has ended. A link to choose a new password is on its way to you.
dead-email-heading = This link does not work any more
dead-email-text = It may have been used or have expired, or a newer change took its place.
sessions-heading = Where you are signed in
sessions-text = End whatever you do not know, and change your password then.
session-current = this one
session-used = Last used
session-network = Network address
session-end = End
sessions-end-others = Log out other devices…
device-both = { $browser } on { $system }
device-unknown = Unknown device
events-heading = What happened
events-text = If something was not you, change your password and end the other sessions.
event-by-administrator = By an administrator
event-user_created = The account was opened
event-user_disabled = The account was disabled
event-user_enabled = The account was enabled again
event-authn_login_success = Signed in
event-authn_login_fail = A wrong password was tried
event-session_ended = A session was ended
event-authn_password_reset = A new password was set by a mailed link
event-authn_password_change = The password was changed
event-authn_password_reset_issued = The password was reset
event-authn_password_change_required = A new password was asked for
event-access_reported = Somebody said "This wasn't me"
event-authn_login_unlock = Logins were let through again
event-sessions_ended = Sessions were ended
event-authn_reauthenticated = The password was entered again
event-authn_password_reset_mailed = A link to a new password was mailed
event-email_change_requested = A new e-mail address was asked for
event-email_change_cancelled = The change of the e-mail address was taken back
event-email_changed = The e-mail address was changed
event-email_change_undone = The change of the e-mail address was undone
reauthenticate-heading = Enter your password again
reauthenticate-text = What you want to do needs it, so that nobody else does it in an open session.

# The picture
picture-change = Change picture
picture-heading = Your picture
picture-yours = This is how others see you.
picture-none = You have no picture yet: others see your initials.
picture-file = Choose a picture
picture-hint = PNG, JPEG or WebP, at most 5 MB and 4096 × 4096 pixels. Where it was taken is removed.
picture-crop-hint = Drag the picture, or move it with the arrow keys. What is in the square is kept.
picture-crop-label = The part of the picture that is kept
picture-zoom = Zoom
picture-save = Save
picture-delete = Delete picture…
picture-missing = Choose a picture first.
picture-too-large = Choose a picture of at most 5 MB.
picture-too-many-pixels = Choose a picture of at most 4096 × 4096 pixels.
picture-unknown-type = Choose a PNG, JPEG or WebP picture.
picture-damaged = This file is damaged. Choose another one.
picture-square-outside = Choose the part of the picture again.
picture-not-offered = Pictures are not taken here.
# Profile and settings
profile = Profile
settings = Settings
security = Security
your-access = Your access
profile-saved = Your profile is saved.
settings-saved = Your settings are saved.
phone = Phone
phone-hint = With + and the country code, such as +49 30 123456
phone-form = Write the phone number with + and the country code, such as +49 30 123456
department = Department
department-form = Write the department on one line, with at most 100 characters
job-title = Job title
job-title-form = Write the job title on one line, with at most 100 characters
language-form = Choose a language from the list
time-zone = Time zone
time-zone-hint = Type a city to search, such as Berlin.
time-zone-now = In { $zone } it is { $time } now ({ $offset }).
time-zone-form = Choose a time zone from the list, or type a city such as Berlin
time-zone-use = Use { "{n}" }
notifications = Mails that you get
notifications-hint = Mails that keep your account safe always come.
notifications-form = Choose from the list
notification-sign_ins = Somebody signs in to your account in a new browser
notification-invitation_accepted = Somebody accepts your invitation
notification-registration_waits = Somebody waits for approval
# The first login
welcome-steps = Steps of your set-up
step-of = Step { $number } of { $count }
step-open = open
step-done = done
step-skipped = skipped
welcome-profile = Profile
welcome-picture = Picture
welcome-settings = Settings
welcome-security_questions = Security questions
welcome-tutorial = Tutorial
welcome-profile-heading = Complete your profile
welcome-profile-text = Check your name, and say how you can be reached.
welcome-picture-heading = Add a picture
welcome-settings-heading = Choose your settings
welcome-settings-text = You can change them in your account at any time.
welcome-tutorial-heading = Getting started
welcome-declared-text = This step has a page of its own. Come back here when you have finished it.
welcome-declared-open = Open this step
welcome-declared-done = This step is done.
page-of = Page { $number } of { $count }
previous-page = Previous page
save-and-continue = Save and continue
skip-step = Skip this step
finish-later = Finish later
setup-waits = Your set-up is not finished yet.
setup-go-on = Go on with it

security-questions = Security questions
security-questions-text = With the answer to one of these questions you show that it is you when you set a new password by a mailed link, or when the help desk helps you. No answer is enough alone.
security-questions-hint = Choose answers that others cannot find out. Upper and lower case and spaces do not matter. We keep the answers like passwords: nobody can read them.
security-questions-replace = New answers take the place of all before.
security-questions-required = Answer these questions before you go on.
security-questions-answer = Answer security questions
security-questions-again = Answer them anew
security-questions-saved = Your answers are kept.
security-question-number = Question { $number }
security-answer-number = Answer { $number }
security-questions-retype = Type all answers again: we never show them, not even to you.
security-answer-hint = One of your security questions. Upper and lower case and spaces do not matter.
security-answer-needed = Answer this question as well.
security-answer-wrong = This is not the answer that you gave. Try again; after several wrong answers you have to wait.
security-review = You have a new password. Check that you know all sessions and events below, and look through your settings.
security-answer-same-question = Choose each question once.
security-answer-too-short = Use at least 3 characters.
security-answer-too-long = Use at most 100 characters.
security-answer-personal = Use something that is not your name, your e-mail address or your company.
security-answer-too-simple = Use something that nobody tries first.
security-answer-same-answer = Give each question an answer of its own.
security-answer-password = Use something that is not your password.
check-security_question = Security question, checked here
check-answer = Answer to the security question
check-answer-hint = Ask and type what the person says, if you choose this way:
check-answer-needed = Type what the person answered.
check-answer-wrong = This is not the answer that the person gave. Wrong answers are counted.
check-answer-stray = Leave this empty, or choose the security question above.
must-answer-questions = Answer security questions
event-security_questions_changed = Security questions answered anew
event-security_answer_fail = Wrong answer to a security question
# One's own data
your-data = Your data
export-heading = Take your data along
export-text = Get what is kept of you as one file: your profile, settings, sessions, events, terms, invitations and picture.
export-hint = The file is a ZIP of plain texts (JSON). It holds no password.
export-button = Download your data
deletion-heading = Delete your account
deletion-text = Your name, addresses, phone, picture, settings, sessions and password are erased, and cannot be brought back. After that you cannot sign in.
deletion-when-days = { $number ->
    [one] Your account is erased 1 day after you ask for it.
   *[other] Your account is erased { $number } days after you ask for it.
}
deletion-when-hours = { $number ->
    [one] Your account is erased 1 hour after you ask for it.
   *[other] Your account is erased { $number } hours after you ask for it.
}
deletion-until-then = Until then you can log in and keep it. All your other devices are logged out at once.
deletion-at-once = This happens within minutes and cannot be undone.
deletion-stays = What stays says nothing about who you were: that there was an account, and what happened with it.
deletion-confirm = Yes, I want my account to be erased
deletion-confirm-form = Tick the box if you want your account to be erased
deletion-button = Delete account
deletion-last-operator = You are the only operator. Make somebody else one before you go.
deletion-not-offered = Accounts are not deleted here. Ask whoever runs this installation.
deletion-pending-heading = Your account will be erased
deletion-pending-text = You asked for it to be deleted. It will be erased on
deletion-pending-undo = Until then you can keep it. Everything is still as it was.
deletion-undo = Keep my account
deletion-notice-label = Deletion of your account
deletion-notice = Your account will be erased on
deletion-notice-link = Keep my account
will-be-erased = Will be erased
event-own_data_exported = The data of the account was downloaded
event-deletion_requested = The deletion of the account was asked for
event-deletion_undone = The deletion of the account was undone

# Filters of the list of people
role = Role
any-role = Any role
any-company = Any company
search-company = Search for a company by name
company-since = Here since { $time }
no-company-found = No company is called “{ $name }”. Check the spelling or type fewer letters.
more-companies-found = There may be more companies. Type more letters of the name to find others.

copy = Copy
copied = Copied
look-again = Refresh

# What was done, on the page after
logged-out = You're logged out.
password-confirmed = Password confirmed. You can now continue.
terms-accepted = You've accepted the terms.
activation-resent = We've sent the email again.
picture-saved = Your picture is saved.
picture-removed = Your picture is deleted.
session-ended = The device is logged out.
other-sessions-ended = All other devices are logged out.
email-change-cancelled = Your email address stays as it is. The link we sent no longer works.
deletion-requested = Your account will be deleted. All other devices are logged out.
deletion-cancelled = Your account stays.
step-saved = Step saved.
step-was-skipped = Step skipped. You can come back to it at any time.
invitation-queued = The invitation is saved and its email is on the way.
invitation-resent = The invitation is being sent again.
invitation-revoked = The invitation is revoked. Its links no longer work.
expiry-changed = The invitation's expiry is changed.
password-change-required = A new password is required at the next login.
account-unlocked = Failed logins are cleared. The person can log in again.
sessions-ended = The person is logged out on every device.
account-disabled = The account is disabled.
company-trusted = The company is trusted. Its administrators can invite as usual.
account-enabled = The account is enabled. The person can log in again.
registration-approved = { $name } is approved and will get an email.
registration-rejected = { $name } is rejected and will get an email.
terms-published = The terms are published.

# What follows, before it is done
disable-heading = Disable the account of { $name }?
disable-login = { $name } is logged out on every device and can't log in.
disable-invitations = Invitations and reset links of { $name } stop working.
disable-data = Nothing is deleted. You can enable the account again at any time.
disable-confirm = Disable account
end-sessions-heading = Log { $name } out on every device?
end-sessions-devices = { $name } has to log in again on every device. What is not saved yet may be lost.
end-sessions-password = The password stays the same: anyone who knows it can log in again.
end-sessions-confirm = End all sessions
end-others-heading = Log out all other devices?
end-others-devices = You stay logged in here. On every other device you have to log in again, and what is not saved yet may be lost.
end-others-password = Your password stays the same. If someone else knows it, change it instead: that logs out all other devices too.
end-others-confirm = Log out other devices
reject-heading = Reject the registration of { $name }?
reject-mail = { $name } gets an email that says so.
reject-again = You can't undo this. { $name } can only register again.
reject-confirm = Reject registration
picture-delete-heading = Delete your picture?
picture-delete-text = Your initials are shown in its place. The picture can't be restored; you can upload it again.
picture-delete-confirm = Delete picture
