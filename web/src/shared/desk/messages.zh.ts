export default {
  desk: {
    place: '地点',
    placeExample: '小区、路口、单位、楼号……',
    placesFound: '找到的地点',
    area: '网格、社区',
    areaSearch: '输入名称查找',
    noneFound: '没有找到',
    openMap: '在地图上点选',
    closeMap: '收起地图',
    outside: '疑似辖区外，仍可提交，由市级分拣',
    placeUnknown: '改为位置待核',
    placeOpen: '位置待核：可以先提交，之后再补',
  },
}
