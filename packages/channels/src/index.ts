export { channels, type ChannelsModuleOptions } from "./channels.ts"
export { standingOn } from "./consent.ts"
export { Category, Content, Contents, Said, TemplateUse } from "./content.ts"
export {
  type Accepted,
  AddressRejected,
  type ChannelDriver,
  type DriverCapabilities,
  type DriverLimits,
  Outgoing,
  type SendOptions
} from "./driver.ts"
export { MessageNotFound, TemplateNotFound } from "./errors.ts"
export { merge } from "./merge.ts"
export {
  AddressSuppressed,
  MessageDeferred,
  MessageFailed,
  MessageQueued,
  MessageSent,
  MessageSkipped,
  MessageStatus,
  SendRequest,
  SuppressionLifted,
  SuppressionReason
} from "./model.ts"
export { payloadProblems, type PayloadProblem } from "./payload.ts"
export { type LoggedMessage, message, messagesAbout, messagesOf } from "./queries.ts"
export { Reason, ReasonCode } from "./reason.ts"
export { type Recipient, type RecipientOf, type Standing } from "./recipient.ts"
export { type RecordedMessage, type Recorder, recorder } from "./recorder.ts"
export { type Decision, type Send, type Withdraw } from "./send.ts"
export { type Cap, type ChannelsOptions, type QuietHours, type Template } from "./settings.ts"
export { type SmsSegments, smsSegments } from "./sms.ts"
export { lift, suppress, Suppress, unsubscribe } from "./suppress.ts"
export { type Voice, type VoiceBreach, voiceBreaches, type VoiceRules } from "./voice.ts"
export { DeliveryFailed } from "@omni/core"
