# cmake -DFILE=... -P print_file.cmake: prints the file, or nothing when there is none.
if(EXISTS "${FILE}")
  execute_process(COMMAND ${CMAKE_COMMAND} -E cat "${FILE}")
endif()
