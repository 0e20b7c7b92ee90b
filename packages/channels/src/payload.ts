import { EmailAddress, PhoneNumber } from "@omni/core"

import type { Outgoing } from "./driver.ts"
import { smsSegments } from "./sms.ts"

/** What is wrong with a message as a payload of its kind. */
export interface PayloadProblem {
  readonly field: "address" | "subject" | "text" | "payload"
  readonly problem: string
}

/** The most bytes of a push message's payload: FCM, APNs and Web Push take 4,096. */
const PUSH_BYTES = 4096
/** The most parts of one concatenated SMS that networks carry reliably; the header allows 255. */
const SMS_SEGMENTS = 10

const problem = (field: PayloadProblem["field"], text: string): PayloadProblem => ({ field, problem: text })

/**
 * What providers of a kind would refuse a message for; empty when nothing. E-mail: an address, a subject of one line, a text. SMS and
 * WhatsApp: a number in E.164 form, for SMS 10 segments at most. Push: a token without blanks, a title, 4,096 bytes in all.
 */
export const payloadProblems = ({ address, content, kind }: Outgoing): ReadonlyArray<PayloadProblem> => {
  const text = content.text.trim() === "" ? [problem("text", "the text is blank")] : []
  const { subject } = content
  switch (kind) {
    case "email":
      return [
        ...(EmailAddress.safeParse(address).success ? [] : [problem("address", "it is no e-mail address")]),
        ...(subject === undefined || subject.trim() === "" ? [problem("subject", "an e-mail needs a subject")] : []),
        ...(subject !== undefined && /[\r\n]/.test(subject) ? [problem("subject", "a subject is one line")] : []),
        ...text
      ]
    case "sms":
    case "whatsapp":
    case "phone": {
      const { segments } = smsSegments(content.text)
      return [
        ...(PhoneNumber.safeParse(address).success ? [] : [problem("address", "it is no number in E.164 form")]),
        ...(kind === "sms" && segments > SMS_SEGMENTS ? [problem("text", `${segments} segments, ${SMS_SEGMENTS} at most`)] : []),
        ...text
      ]
    }
    case "push": {
      const bytes = new TextEncoder().encode(JSON.stringify({ title: subject, body: content.text, data: content.data })).length
      return [
        ...(/^[\x21-\x7e]{8,4096}$/.test(address) ? [] : [problem("address", "it is no push token")]),
        ...(subject === undefined || subject.trim() === "" ? [problem("subject", "a push message needs a title")] : []),
        ...(bytes > PUSH_BYTES ? [problem("payload", `${bytes} bytes, ${PUSH_BYTES} at most`)] : []),
        ...text
      ]
    }
    default:
      return text
  }
}
