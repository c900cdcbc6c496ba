export default {
  mine: {
    outbox: 'To be sent',
    conflicts: 'For you to look at',
    held: 'What this phone holds',
    signOutWaiting: '{n} not sent yet. They stay sealed on this phone, unseen by others, and go when you sign in again.',
    posts: 'My posts',
    elder: 'Larger type',
    language: 'Language',
    secondStep: 'Second step at sign-in',
    password: 'Change password',
    opinions: 'About this app',
    compliance: 'The rule and this app',
    desk: 'Desk',
    serve: 'The public notice of my grid',
    signOut: 'Sign out',
    signOutSure: 'Sign out',
  },
}
