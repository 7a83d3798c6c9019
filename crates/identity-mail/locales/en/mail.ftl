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

greeting = Hello { $name },
greeting-unnamed = Hello,
log-in-button = Log In
forgot-password-link = Forgot password
not-me-link = This wasn't me
fallback-link = If the button does not work, copy this link into your browser:
never-ask = Nobody from { $product } will ever ask for your password by e-mail or phone.
help = Need help? Write to { $support }.
footer = { $product } sent this mail to { $address }.

invitation-subject = { $inviter } invites you to { $company }
invitation-preheader = Register your account by { $until }. It takes a minute.
invitation-body = { $inviter } invites you to join { $company } on { $product }. Register your account to choose a password and start.
invitation-note = { $inviter } writes:
invitation-button = Register Account
invitation-until = The invitation is open until { $until }. The link works once.
invitation-unexpected-heading = Not expecting this?
invitation-unexpected = Do nothing: without you, no account is made. If you do not know { $inviter } ({ $address }), tell us at { $support }.

renewal-subject = { $address } asks for a new invitation
renewal-preheader = The earlier invitation to { $company } no longer works.
renewal-body = { $address } opened an invitation to { $company } that no longer works, and asks you for a new one.
renewal-button = See invitations
renewal-unexpected-heading = Not sure who this is?
renewal-unexpected = Do nothing: nobody gets in without a new invitation from you.

activation-subject = Activate your registration at { $product }
activation-preheader = One step is left. If you did not sign up, do nothing.
activation-body = Somebody, perhaps you, signed up to { $product } with this e-mail address. If it was you, activate your registration to choose a password and start.
activation-button = Activate Registration
activation-until = The link is valid until { $until } and works once.
activation-code = Type this code on the page where you signed up:
activation-code-instead = Or type this code on the page where you signed up:
activation-code-until = The code is valid until { $until }. If you got several mails, the code in the newest one counts.
activation-unexpected-heading = You did not sign up?
activation-unexpected = Ignore this mail: without you, no account is made, and the registration lapses by itself.

already-registered-subject = You already have an account at { $product }
already-registered-preheader = Log in, or choose a new password if you do not remember yours.
already-registered-body = Somebody, perhaps you, signed up to { $product } with this e-mail address. You already have an account with it, so log in instead.
already-registered-unexpected-heading = It was not you?
already-registered-unexpected = There is nothing to do: nobody got into your account, and nothing in it has changed.

waits-subject = { $name } waits to be let in
waits-preheader = A registration for the company { $company } waits for approval.
waits-body = { $name } ({ $address }) has registered at { $product } to open the company { $company }, and waits for approval.
waits-button = See registrations
waits-unexpected-heading = Not sure who this is?
waits-unexpected = Do nothing: nobody gets in without approval.

approved-subject = You are in: log in to { $product }
approved-preheader = Your registration was approved.
approved-body = Your registration at { $product } was approved. Log in with your e-mail address and the password that you chose when you registered.
approved-unexpected-heading = You did not register?
approved-unexpected = Somebody else may be able to read your mail. Tell us at { $support }.

rejected-subject = Your registration at { $product } was not approved
rejected-preheader = What you can do if you think that this is a mistake.
rejected-body = Your registration at { $product } was not approved, so no account was made.
rejected-mistake = If you think that this is a mistake, tell us at { $support }.
rejected-unexpected-heading = You did not register?
rejected-unexpected = There is nothing to do: there is no account with your e-mail address.

reset-subject = Reset your password
reset-preheader = Choose a new password by { $until }.
reset-body = Somebody, perhaps you, asked for a new password for your account at { $product }.
reset-body-administrator = An administrator, who was asked for it, has started a reset of the password of your account at { $product }.
reset-unchanged = Your password stays as it is until you set a new one.
reset-ended = The password that you had no longer works. Choose a new one to log in.
reset-button = Reset Password
reset-until = The link is valid until { $until } and works once.
reset-unexpected-heading = You did not ask for this?
reset-unexpected = Tell us with the link below. The link to a new password then stops working, and administrators are told.

reset-reported-subject = Your account is secured: choose a new password
reset-reported-preheader = You told us "This wasn't me". Choose a new password by { $until }.
reset-reported-body = You told us that somebody else may have used your account at { $product }. To keep them out, we ended every session and blocked the password.
reset-reported-unexpected-heading = You did not tell us this?
reset-reported-unexpected = Somebody else may be reading your mail. Tell us with the link below. The link to a new password then stops working, and administrators are told.

reset-undone-subject = Address change undone: choose a new password
reset-undone-preheader = Your account has this address. Choose a new password by { $until }.
reset-undone-body = You undid the change of the e-mail address of your account at { $product }, and the account has this address. To keep the person out who asked for the change, we ended every session and blocked the password.
reset-undone-unexpected-heading = You did not undo it?
reset-undone-unexpected = Somebody else may be reading your mail. Tell us with the link below. The link to a new password then stops working, and administrators are told.

temporary-subject = A temporary password was set for you
temporary-preheader = It is never in a mail: an administrator tells it to you in another way.
temporary-body = An administrator has set a temporary password for your account at { $product }, and tells it to you in another way: it is never in a mail.
temporary-once = It is good for one login, after which you choose your own. The password that you had no longer works.
temporary-unexpected-heading = You did not ask for this?
temporary-unexpected = Tell us with the link below. The temporary password then stops working at once, every session ends, administrators are told, and you get a link to a new password by mail.

required-subject = Choose a new password
required-preheader = You will be asked for it at your next login to { $product }.
required-body = An administrator asks you to choose a new password for your account at { $product }.
required-next = You will be asked for it before you can go on, at your next login at the latest. If you do not remember the one you have, follow "Forgot password" below.
required-unexpected-heading = Not sure about this mail?
required-unexpected = Leave its links alone: open { $product } as you always do, and log in there.

breached-subject = Your password is known from a data leak
breached-preheader = Others may try it. Choose a new one for { $product }.
breached-body = The password of your account at { $product } is known from a data leak, so others may try it. We noticed it at a login with this password.
breached-next = If it was you, choose a new password on the page that you were shown. If you do not see that page any more, log in again.
breached-unexpected-heading = You did not log in?
breached-unexpected = Then somebody else knows your password. Follow "Forgot password" below and choose a new one at once: every session then ends.

changed-subject = Your password was changed
changed-preheader = This was on { $when }. If it was not you, tell us at once.
changed-body = The password of your account at { $product } was changed on { $when }.
changed-body-link = The password of your account at { $product } was changed on { $when }, with a link that we mailed to this address.
changed-done = All other sessions were ended. If it was you, there is nothing more to do.
changed-done-link = All sessions were ended. If it was you, log in with the new password.
changed-unexpected-heading = It was not you?
changed-unexpected = Tell us at once with the link below. The new password then stops working, every session ends, administrators are told, and you get a link to a new password by mail.

reported-subject = Check the account of { $name }
reported-preheader = "This wasn't me": somebody else may have used the account.
reported-body = { $name } ({ $address }) says that a login to the account at { $product }, a new password or new security answers were not theirs.
reported-done = The password no longer works, every session was ended, and older links to a new password no longer work. Unless the account is disabled, a new link is mailed to { $address }.
reported-button = Check the account
reported-unexpected-heading = What to do
reported-unexpected = See what was changed in the account, and ask { $name } about it in person or by phone. Do not ask by e-mail: somebody else may be reading that mailbox.

reported-link-subject = { $name } did not ask for a new password
reported-link-preheader = "This wasn't me": a mail with a link to a new password was reported.
reported-link-body = { $name } ({ $address }) got a mail with a link to a new password for the account at { $product }, and says that they did not ask for it.
reported-link-done = The links to a new password no longer work. Nothing else was changed: the password and the sessions stay as they are.
reported-link-unexpected-heading = What to do
reported-link-unexpected = Check that nothing was changed in the account that { $name } does not know of. Ask in person or by phone, not by e-mail: somebody else may be reading that mailbox.

email-undone-subject = { $name } undid a change of the e-mail address
email-undone-preheader = Somebody else may have used the account.
email-undone-body = The e-mail address of the account of { $name } at { $product } was changed to { $undone }, or was about to be. { $name } says that this was not theirs, and undid it.
email-undone-done = The account has the address { $address }. The password no longer works, every session was ended, and a link to a new password is mailed to { $address }.
email-undone-unexpected-heading = What to do
email-undone-unexpected = Somebody else knew the password. See what else was changed in the account, and ask { $name } about it in person or by phone.

list-separator = { ", " }
access-offered-subject = { $inviter } gives you access to { $company }
access-offered-preheader = Log in and accept by { $until }. Your account stays as it is until then.
access-offered-body = { $inviter } gives you more access to { $company }, with the account that you have at { $product }. Log in with this e-mail address and accept it, or decline.
access-offered-what = You get: { $offered }.
access-offered-button = See the invitation
access-offered-unexpected-heading = Not expecting this?
access-offered-unexpected = Do nothing: without you, nothing in your account changes. If you do not know { $inviter } ({ $address }), tell us at { $support }.

access-granted-subject = Your access at { $product } has changed
access-granted-preheader = You accepted an invitation on { $when }.
access-granted-body = On { $when } an invitation from { $inviter } was accepted with your account at { $product }.
access-granted-what = You got: { $granted }.
access-granted-unexpected-heading = It was not you?
access-granted-unexpected = Somebody else may be signed in to your account. Change your password at once, which ends all other sessions, and tell us at { $support }.
confirm-email-subject = Confirm your new e-mail address
confirm-email-preheader = With one click, by { $until }.
confirm-email-body = You want to use this e-mail address for your account at { $product }. Confirm that it is yours.
confirm-email-unchanged = Until then everything stays as it is.
confirm-email-button = Confirm address
confirm-email-until = The link is valid until { $until } and works once.
confirm-email-unexpected-heading = You have no account there?
confirm-email-unexpected = Ignore this mail: without your confirmation nothing happens with your address.

email-announced-subject = Your e-mail address is to be changed
email-announced-preheader = Somebody who knows your password asked for it. If it was not you, undo it.
email-announced-body = Somebody who is signed in to your account at { $product } and knows your password asked to change its e-mail address to { $address }.
email-announced-next = It changes as soon as the new address is confirmed. If it was you, there is nothing more to do here.
email-announced-unexpected-heading = It was not you?
email-announced-unexpected = Undo it at once with the link below. Your account then keeps this address, the password stops working, every session ends, administrators are told, and you get a link to a new password by mail.

email-changed-subject = Your e-mail address was changed
email-changed-preheader = It is { $address } from now on. If it was not you, act at once.
email-changed-body = The e-mail address of your account at { $product } is { $address } from now on.
email-changed-done = Sign in with this address from now on. All sessions but the one that asked for the change were ended.
email-changed-unexpected-heading = It was not you?
email-changed-unexpected = Undo it at once with the link below. Your account then has this address again, the password stops working, every session ends, administrators are told, and you get a link to a new password by mail.
email-changed-unexpected-new = Write to { $support }.

undo-email-link = Undo the change
undo-email-until = The change can be undone until { $until }.
signed-in-subject = New sign-in to { $product }
signed-in-preheader = This was on { $when }. If it was not you, tell us at once.
signed-in-body = Somebody, most likely you, signed in to your account at { $product } with your password, in a browser that was not known before.
signed-in-details = When: { $when }. Device: { $device }. Network: { $network }.
signed-in-fine = If it was you, there is nothing to do. You can switch these mails off in your settings.
signed-in-device = { $browser } on { $system }
signed-in-unknown = not known
signed-in-button = Check your account
signed-in-unexpected-heading = It was not you?
signed-in-unexpected = Tell us at once with the link below. Your password then stops working, every session ends, administrators are told, and you get a link to a new password by mail.

accepted-subject = { $name } has accepted your invitation
accepted-preheader = There is an account for the company { $company } now.
accepted-body = { $name } ({ $address }) has accepted your invitation to { $company } and now has an account at { $product }. You can switch these mails off in your settings.
accepted-button = See the account
accepted-unexpected-heading = Not sure who this is?
accepted-unexpected = Open the account and disable it: its sessions then end at once.

questions-set-subject = Your security questions were set
questions-set-preheader = This was on { $when }. If it was not you, tell us at once.
questions-set-body = Answers to security questions were set for your account at { $product } on { $when }. If it was you, there is nothing more to do.
questions-set-unexpected-heading = It was not you?
questions-set-unexpected = Tell us at once with the link below. These answers are then deleted, your password stops working, every session ends, administrators are told, and you get a link to a new password by mail.

questions-changed-subject = Your security questions were changed
questions-changed-preheader = This was on { $when }. If it was not you, tell us at once.
questions-changed-body = The answers to the security questions of your account at { $product } were changed on { $when }. Earlier answers no longer count. If it was you, there is nothing more to do.
questions-changed-button = Check your account
questions-changed-unexpected-heading = It was not you?
questions-changed-unexpected = Tell us at once with the link below. These answers are then deleted, your password stops working, every session ends, administrators are told, and you get a link to a new password by mail.
deletion-subject = Your account will be erased
deletion-preheader = On { $when }. Until then you can keep it.
deletion-body = The deletion of your account at { $product } was asked for. It will be erased on { $when }, with everything that is kept of you. It cannot be brought back then, and you get no other mail about it.
deletion-undo = Until then you can undo this: log in, and choose to keep your account. All other sessions were ended.
deletion-unexpected-heading = It was not you?
deletion-unexpected = Somebody else knows your password. Choose a new one with the link below, log in, and keep your account. If you cannot, write to { $support }.

deletion-undone-subject = Your account stays
deletion-undone-preheader = The deletion was undone. There is nothing to do.
deletion-undone-body = The deletion of your account at { $product } was undone. Your account stays as it was, and there is nothing more to do.
deletion-undone-unexpected-heading = It was not you?
deletion-undone-unexpected = Somebody else may be signed in to your account. Choose a new password with the link below, which ends all sessions, and tell us at { $support }.

deletion-undone-address-subject = Your account stays
deletion-undone-address-preheader = Its deletion was undone with the change of the address.
deletion-undone-address-body = Somebody had asked for the deletion of your account at { $product }. You undid a change of its e-mail address, and that undid the deletion as well: your account is not erased.
deletion-undone-address-next = The password no longer works. We mailed you a link to a new one. If it does not work any more, ask for another one below.
deletion-undone-address-unexpected-heading = You did not undo it?
deletion-undone-address-unexpected = Somebody else may be reading your mail. Tell us at { $support }.
