/** Point kinds by meaning. The first name is the sample park's; others are what parks often call the same thing. */

export const KINDS = {
  temperature: ['temperature', 'room_temperature', 'indoor_temperature'],
  humidity: ['humidity', 'relative_humidity'],
  co2: ['co2', 'co2_concentration'],
  people: ['occupancy', 'people', 'people_count', 'headcount'],
  power: ['power', 'active_power'],
  solar: ['solar_power', 'pv_power'],
  pm25: ['pm25', 'pm2_5'],
  noise: ['noise', 'sound_level'],
  outdoor: ['air_temperature', 'outdoor_temperature'],
  wind: ['wind_speed'],
  rain: ['rainfall', 'rain', 'precipitation'],
  smoke: ['smoke', 'smoke_state', 'fire_alarm'],
  parking: ['bay_occupied', 'parking', 'parking_occupied'],
  manhole: ['manhole_level', 'water_level'],
} as const satisfies Record<string, readonly string[]>
