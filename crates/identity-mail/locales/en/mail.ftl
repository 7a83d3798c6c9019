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
} { $year }, { $time } UTC

greeting = Hello { $name },
greeting-unnamed = Hello,
fallback-link = If the button does not work, copy this link into your browser:
never-ask = We never ask for your password by e-mail or phone.
help = Need help? Write to { $support }.
footer = { $product } sent this mail to { $address }.

invitation-subject = { $inviter } invites you to { $company }
invitation-preheader = Register your account by { $until }. It takes a minute.
invitation-body = { $inviter } from { $company } invites you to { $product }. Register your account to choose a password and start.
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
