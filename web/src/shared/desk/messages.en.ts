export default {
  desk: {
    place: 'Place',
    placeExample: 'Estate, crossing, office, building…',
    placesFound: 'Places found',
    area: 'Grid or community',
    areaSearch: 'Type a name',
    noneFound: 'Nothing found',
    openMap: 'Pick on the map',
    closeMap: 'Close the map',
    outside: 'Probably outside the area; it can still be sent and the city sorts it',
    placeUnknown: 'Make it unknown',
    placeOpen: 'Place to be verified: send now, add it later',
  },
}
