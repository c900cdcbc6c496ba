export default {
  deskpeople: {
    title: 'Staff',
    search: 'Name or number',
    role: 'Post',
    area: 'Area',
    unit: 'Unit',
    name: 'Name',
    posts: 'Posts and where',
    phone: 'Telephone',
    noPost: 'No post at present',
  },
}
