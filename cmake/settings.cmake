# Settings, warnings and sanitizers as interface targets; every target of ours links ew_settings.
add_library(ew_settings INTERFACE)
# Warnings are errors with the compiler the code is written on; a newer one may know warnings that nobody
# has looked at yet, and must not keep a user from building.
set(warnings_as_errors -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 13)
  set(warnings_as_errors "")
endif()
target_include_directories(ew_settings INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(ew_settings INTERFACE
  -Wall -Wextra -Wpedantic ${warnings_as_errors} -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wcast-align
  -Woverloaded-virtual -Wimplicit-fallthrough -Wextra-semi -Wformat=2
  -fstack-protector-strong)
if(CMAKE_BUILD_TYPE STREQUAL "Release" OR CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  target_compile_options(ew_settings INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  # What users run: bounds checks of the standard library, calls and returns guarded where the machine can.
  target_compile_options(ew_settings INTERFACE -D_GLIBCXX_ASSERTIONS -fstack-clash-protection -fPIE)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    target_compile_options(ew_settings INTERFACE -fcf-protection=full)
  endif()
  target_link_options(ew_settings INTERFACE -pie)
endif()
target_link_options(ew_settings INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports accesses of std::string internals that cannot happen once it has inlined them.
  target_compile_options(ew_settings INTERFACE -Wno-restrict -Wno-stringop-overread -Wno-maybe-uninitialized)
endif()
if(ENTITYWATCH_FUZZ)
  # Coverage for the fuzzer and sanitizers in all of our code; clang's own warnings are the dev build's business.
  target_compile_options(ew_settings INTERFACE -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -Wno-error)
  target_link_options(ew_settings INTERFACE -fsanitize=address,undefined)
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
