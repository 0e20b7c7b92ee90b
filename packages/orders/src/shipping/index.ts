export { CarrierAnswer, CarrierCommand, type CarrierDriver, type CarrierRate, type RatesRequest, TrackingReport } from "./carrier.ts"
export {
  CarrierNotFound,
  LocationNotServed,
  MethodNotFound,
  ShipmentNotFound,
  ShipmentUnderWay,
  SlotFull,
  SlotMismatch,
  SlotNotFound,
  type SlotProblem
} from "./errors.ts"
export { Dispatch, Rate, ShippingMethod, SlotPlan, Zone } from "./method.ts"
export {
  Label,
  Parcel,
  type Shipment,
  ShipmentFailed,
  ShipmentLabelled,
  ShipmentMoved,
  ShipmentNotCancelled,
  ShipmentStatus,
  SlotPlace,
  SlotRef,
  TrackingEntry
} from "./model.ts"
export { type ShippingCode, type ShippingOption, shippingOptions, ShippingRequest } from "./options.ts"
export { recordedCarrier, type RecordedCarrier } from "./recorded.ts"
export { type ShipmentState } from "./ship.ts"
export { shipping, type ShippingModuleOptions } from "./shipping.ts"
export { type Slot } from "./windows.ts"
export { type Destination } from "./zone.ts"
