# What is installed where, and the Debian package made of it: scripts/package.
if(CMAKE_INSTALL_PREFIX_INITIALIZED_TO_DEFAULT)
  # The program looks for its configuration in /etc, which is /usr's; /usr/local has another.
  set(CMAKE_INSTALL_PREFIX /usr CACHE PATH "where to install" FORCE)
endif()
include(GNUInstallDirs)
install(TARGETS entitywatch RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES systemd/entitywatch.service DESTINATION lib/systemd/system)
set(DESCRIBED ${PROJECT_BINARY_DIR}/daemon)
install(FILES ${DESCRIBED}/entitywatch.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${DESCRIBED}/entitywatch.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME entitywatch)
install(FILES ${DESCRIBED}/_entitywatch DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES packaging/sysusers.conf RENAME entitywatch.conf DESTINATION lib/sysusers.d)
install(FILES packaging/entitywatch.toml DESTINATION ${CMAKE_INSTALL_FULL_SYSCONFDIR}/entitywatch)
install(FILES README.md systemd/credentials.conf.example packaging/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs
  FILES_MATCHING PATTERN "*.md" PATTERN "monitoring/*" PATTERN "page/*.png" PATTERN "samples" EXCLUDE)

# gzip -n: the same package from the same sources.
file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/packaging)
execute_process(COMMAND gzip -9nc ${PROJECT_SOURCE_DIR}/packaging/changelog
  OUTPUT_FILE ${PROJECT_BINARY_DIR}/packaging/changelog.gz)
install(FILES ${PROJECT_BINARY_DIR}/packaging/changelog.gz DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME entitywatch)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "entitywatch founders <founders@entitywatch.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "alerts on changes of the US export-control lists")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "Watches the Federal Register, public inspection, the eCFR and the lists of the
US Bureau of Industry and Security, reads every rule into added, removed and
revised entries, keeps each with the bytes it was read from, and tells
subscribers once, by webhook, chat or email. History can be queried and names
screened through a local HTTP endpoint.")
set(CPACK_DEBIAN_PACKAGE_MAINTAINER ${CPACK_PACKAGE_CONTACT})
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "ca-certificates, passwd, tzdata")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "systemd")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  ${PROJECT_SOURCE_DIR}/packaging/conffiles ${PROJECT_SOURCE_DIR}/packaging/postinst
  ${PROJECT_SOURCE_DIR}/packaging/prerm ${PROJECT_SOURCE_DIR}/packaging/postrm)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
include(CPack)
