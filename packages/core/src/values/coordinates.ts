import * as z from "zod"

/** A place on the earth in degrees of WGS 84: latitude from -90 (south) to 90, longitude from -180 (west) to 180. */
export interface Coordinates {
  readonly latitude: number
  readonly longitude: number
}

/** See the type `Coordinates`. */
export const Coordinates: z.ZodType<Coordinates, Coordinates> = z
  .object({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
  .readonly()

/** The mean radius of the earth in kilometres (IUGG). */
const RADIUS = 6371.0088

/**
 * The distance along the surface, in kilometres, by the haversine formula (R. W. Sinnott, "Virtues of the Haversine", 1984) on a sphere:
 * within 0.6 % of the true one. Symmetric, and zero exactly for equal places.
 */
export const greatCircleKilometres = (a: Coordinates, b: Coordinates): number => {
  const h =
    haversine(radians(b.latitude - a.latitude)) +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * haversine(radians(b.longitude - a.longitude))
  return 2 * RADIUS * Math.asin(Math.sqrt(Math.min(1, h)))
}

const haversine = (angle: number): number => Math.sin(angle / 2) ** 2

const radians = (degrees: number): number => (degrees * Math.PI) / 180
