export { type DkimKey, type SmtpOptions, type UnsubscribeTarget } from "./options.ts"
export { smtp } from "./smtp.ts"
