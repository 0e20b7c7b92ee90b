export { TenderInput } from "./begin.ts"
export { orderOfCart } from "./cart-order.ts"
export { type CheckoutDeclined, type OpenedCheckout } from "./checkout.ts"
export { type Dispute, DisputeClosed, DisputeOpened, DisputeReport, DisputeStatus, DisputeUpdated } from "./dispute-model.ts"
export {
  AmountExceeded,
  CartOrdered,
  CheckoutNotFound,
  CheckoutOver,
  PaymentNotFound,
  ProviderNotFound,
  TenderDeclined,
  TendersMismatch,
  TooManyPayments,
  WebhookRejected
} from "./errors.ts"
export { foreseeCart } from "./foresee.ts"
export {
  AskedFigures,
  type Checkout,
  CheckoutClosed,
  CheckoutOpened,
  CheckoutStatus,
  type Payment,
  PaymentAction,
  PaymentAuthorisationExpired,
  PaymentAuthorised,
  PaymentCaptured,
  PaymentChargedBack,
  PaymentCommandFailed,
  type PaymentEntry,
  PaymentFailed,
  PaymentFailure,
  PaymentFigures,
  PaymentRefunded,
  PaymentRefundReversed,
  PaymentReleased,
  PaymentStatus,
  PaymentTrouble
} from "./model.ts"
export { payments } from "./payments.ts"
export { type CommandOptions, PaymentAnswer, PaymentCommand, type PaymentProvider, PaymentReport, type RawRequest } from "./provider.ts"
export { type CheckoutView, type OrderBalance } from "./queries.ts"
export { type RecordedOptions, recordedProvider, type RecordedProvider } from "./recorded.ts"
export {
  type CheckoutEnd,
  type CheckoutHooks,
  type CheckoutState,
  type PaymentOptions,
  type Tender,
  type TenderRequest
} from "./settings.ts"
