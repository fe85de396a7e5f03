# Settings, warnings and sanitizers as interface targets; every target of ours links ew_settings.
add_library(ew_settings INTERFACE)
target_include_directories(ew_settings INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(ew_settings INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wcast-align
  -Woverloaded-virtual -Wimplicit-fallthrough -Wextra-semi -Wformat=2
  -fstack-protector-strong)
if(CMAKE_BUILD_TYPE STREQUAL "Release" OR CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  target_compile_options(ew_settings INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()
target_link_options(ew_settings INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports accesses of std::string internals that cannot happen once it has inlined them.
  target_compile_options(ew_settings INTERFACE -Wno-restrict -Wno-stringop-overread -Wno-maybe-uninitialized)
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(ENTITYWATCH_SANITIZE)
  target_compile_options(ew_settings INTERFACE -fsanitize=${ENTITYWATCH_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(ew_settings INTERFACE -fsanitize=${ENTITYWATCH_SANITIZE})
endif()
if(ENTITYWATCH_COVERAGE)
  target_compile_options(ew_settings INTERFACE --coverage -fprofile-update=atomic)
  target_link_options(ew_settings INTERFACE --coverage)
endif()

# ew_room(NAME USES … SOURCES …): one room of the house. What it USES is what it may include.
function(ew_room name)
  cmake_parse_arguments(ROOM "" "" "USES;PRIVATE_USES;SOURCES" ${ARGN})
  add_library(${name} STATIC ${ROOM_SOURCES})
  target_link_libraries(${name} PUBLIC ew_settings ${ROOM_USES} PRIVATE ${ROOM_PRIVATE_USES})
endfunction()
