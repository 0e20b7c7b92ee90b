export { QR_ADDRESS, tbaiIdentifier, type TbaiParts, tbaiQr, type TbaiQrParts } from "./invoice/ticketbai/code.ts"
export { tbaiFile, type TbaiFile, type TbaiSoftware } from "./invoice/ticketbai/document.ts"
export { ticketbai, type TicketbaiOptions, type TbaiSigned } from "./invoice/ticketbai/scheme.ts"
