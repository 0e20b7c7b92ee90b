import type { AddressInfo } from "node:net"

import { SMTPServer } from "smtp-server"

/** An SMTP server in this process, and the mails that it has taken, as they came over the wire. */
export interface MailServer extends AsyncDisposable {
  readonly port: number
  readonly mails: ReadonlyArray<string>
}

/** Listens on a free port of this machine. It takes every mail, and has no TLS: nothing leaves the machine. */
export const startMailServer = async (): Promise<MailServer> => {
  const mails: Array<string> = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    disableReverseLookup: true,
    onData: (stream, _session, done) => {
      const chunks: Array<Buffer> = []
      stream.on("data", (chunk: Buffer) => chunks.push(chunk))
      stream.on("end", () => {
        mails.push(Buffer.concat(chunks).toString("utf8"))
        done()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()))
  const { port } = server.server.address() as AddressInfo
  return { port, mails, [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())) }
}
