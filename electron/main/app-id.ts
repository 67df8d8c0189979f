/** The app's name towards the operating systems: bundle identifier, user model, desktop file. */
export const appId = 'app.cloudroll';
