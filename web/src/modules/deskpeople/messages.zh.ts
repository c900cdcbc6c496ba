export default {
  deskpeople: {
    title: '工作人员',
    search: '姓名、电话',
    role: '岗位',
    area: '区域',
    unit: '单位',
    name: '姓名',
    posts: '岗位和所在',
    phone: '电话',
    noPost: '没有在任岗位',
  },
}
