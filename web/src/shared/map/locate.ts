import type { Point } from './points'

export type Located = { point: Point; accuracy: number } | 'denied' | 'unavailable'

/** Where the device is (WGS-84), or why not. Asked once, at a person's touch; never followed. */
export function locate(wait = 8_000): Promise<Located> {
  return new Promise((done) => {
    if (!('geolocation' in navigator)) return done('unavailable')
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => done({ point: { lon: coords.longitude, lat: coords.latitude }, accuracy: coords.accuracy }),
      (error) => done(error.code === error.PERMISSION_DENIED ? 'denied' : 'unavailable'),
      { enableHighAccuracy: true, timeout: wait, maximumAge: 30_000 },
    )
  })
}
