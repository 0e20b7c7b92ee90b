import type { Command } from "../command.ts"
import { lettersList, lettersRedrive, lettersShow } from "./dead-letters.ts"
import { doctor } from "./doctor.ts"
import { heldList, heldSettle } from "./held.ts"
import { lagCommand } from "./lag.ts"
import { logArchive, logRead, logTrim } from "./log.ts"
import { migrate } from "./migrate.ts"
import { receiptsPurge, receiptsShow } from "./receipts.ts"

export const commands: ReadonlyArray<Command> = [
  migrate,
  doctor,
  lagCommand,
  lettersList,
  lettersShow,
  lettersRedrive,
  heldList,
  heldSettle,
  receiptsShow,
  receiptsPurge,
  logArchive,
  logTrim,
  logRead
]
