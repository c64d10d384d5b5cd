// Lengths and areas on the ellipsoid (WGS 84); places are [latitude, longitude] in degrees. Heights are not counted.

const AXIS_M = 6378137;
const FLATTENING = 1 / 298.257223563;
const radians = (degrees) => (degrees * Math.PI) / 180;

/** Metres between two places by Vincenty's inverse formula (Survey Review 23, 1975). */
function distanceM([lat1, lon1], [lat2, lon2]) {
  if (lat1 === lat2 && lon1 === lon2) return 0;
  const minor = AXIS_M * (1 - FLATTENING);
  const [u1, u2] = [lat1, lat2].map((lat) => Math.atan((1 - FLATTENING) * Math.tan(radians(lat))));
  const [s1, c1, s2, c2] = [Math.sin(u1), Math.cos(u1), Math.sin(u2), Math.cos(u2)];
  const apart = radians(lon2 - lon1);
  let lambda = apart;
  let along = 0;
  let sinus, cosinus, flat, middle;
  // Places of one municipality settle in a few rounds; the limit is for places on opposite sides of the earth.
  for (let round = 0; round < 100; round += 1) {
    const [sl, cl] = [Math.sin(lambda), Math.cos(lambda)];
    sinus = Math.hypot(c2 * sl, c1 * s2 - s1 * c2 * cl);
    cosinus = s1 * s2 + c1 * c2 * cl;
    along = Math.atan2(sinus, cosinus);
    const azimuth = (c1 * c2 * sl) / sinus;
    flat = 1 - azimuth * azimuth;
    middle = flat > 0 ? cosinus - (2 * s1 * s2) / flat : 0;
    const c = (FLATTENING / 16) * flat * (4 + FLATTENING * (4 - 3 * flat));
    const before = lambda;
    lambda = apart + (1 - c) * FLATTENING * azimuth * (along + c * sinus * (middle + c * cosinus * (2 * middle * middle - 1)));
    if (Math.abs(lambda - before) < 1e-12) break;
  }
  const squared = (flat * (AXIS_M * AXIS_M - minor * minor)) / (minor * minor);
  const a = 1 + (squared / 16384) * (4096 + squared * (-768 + squared * (320 - 175 * squared)));
  const b = (squared / 1024) * (256 + squared * (-128 + squared * (74 - 47 * squared)));
  const step = (b / 6) * middle * (4 * sinus * sinus - 3) * (4 * middle * middle - 3);
  return minor * a * (along - b * sinus * (middle + (b / 4) * (cosinus * (2 * middle * middle - 1) - step)));
}

/** Metres along a line; round a ring where `closed`. */
function lengthM(places, closed) {
  const legs = places.slice(1).map((place, i) => distanceM(places[i], place));
  if (closed && places.length > 2) legs.push(distanceM(places[places.length - 1], places[0]));
  return legs.reduce((sum, leg) => sum + leg, 0);
}

/**
 * Square metres inside a ring: its corners are put on the sphere that has the ellipsoid's area (authalic latitude), where
 * the area between an edge and the equator is known in closed form. Edges are great circles there, which differ from the
 * ellipsoid's shortest lines by far less than a line on a screen is wide.
 */
function areaM2(places) {
  const e = Math.sqrt(FLATTENING * (2 - FLATTENING));
  const q = (sine) => (1 - e * e) * (sine / (1 - e * e * sine * sine) + Math.atanh(e * sine) / e);
  const half = ([lat]) => Math.tan(Math.asin(q(Math.sin(radians(lat))) / q(1)) / 2);
  let excess = 0;
  places.forEach((place, i) => {
    const next = places[(i + 1) % places.length];
    const [from, to] = [half(place), half(next)];
    excess += 2 * Math.atan2(Math.tan(radians(next[1] - place[1]) / 2) * (from + to), 1 + from * to);
  });
  return Math.abs(excess) * AXIS_M * AXIS_M * (q(1) / 2);
}
