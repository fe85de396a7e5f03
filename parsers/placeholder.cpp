namespace entitywatch {}
